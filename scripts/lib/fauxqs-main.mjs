// fauxqs on the loopback interface: its own command listens on every one. node fauxqs-main.mjs <URL of its module> <port>
const [module = "", port] = process.argv.slice(2);
const { buildApp } = await import(module);
await buildApp({ logger: false }).listen({ host: "127.0.0.1", port: Number(port) });
