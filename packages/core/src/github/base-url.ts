/**
 * The base of an API, checked: a token must not travel in the clear, nor stand in a URL.
 *
 * @throws A TypeError for anything but https (plain http for this machine alone), and for credentials, a query or a
 *   fragment in it.
 */
export function baseOf(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError("baseUrl is not a URL");
  }
  const local =
    url.hostname === "127.0.0.1" || url.hostname === "localhost" || url.hostname === "[::1]";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local)) {
    throw new TypeError("baseUrl must begin with https: tokens would travel in the clear");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new TypeError("baseUrl must hold no credentials, query or fragment");
  }
  return url;
}
