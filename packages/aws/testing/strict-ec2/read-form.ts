/** A parameter of EC2's query protocol: a text, or what stands behind its dots. */
export type Parameter = string | number | boolean | readonly Parameter[] | Parameters;
/** Parameters by the names that the API has for them. */
export interface Parameters {
  readonly [name: string]: Parameter;
}

/** Lists whose members the protocol calls otherwise. */
const lists: Readonly<Record<string, string>> = {
  Filter: "Filters",
  ImageId: "ImageIds",
  InstanceId: "InstanceIds",
  InstanceType: "InstanceTypes",
  Owner: "Owners",
  ResourceId: "Resources",
  SubnetId: "SubnetIds",
  Tag: "Tags",
  TagSpecification: "TagSpecifications",
  Value: "Values",
};

const numbers: ReadonlySet<string> = new Set([
  "MaxCount",
  "MaxResults",
  "MinCount",
  "MinTargetCapacity",
  "OnDemandTargetCapacity",
  "Priority",
  "SpotTargetCapacity",
  "TotalTargetCapacity",
]);

const booleans: ReadonlySet<string> = new Set(["SingleAvailabilityZone", "SingleInstanceType"]);

/** Everything that a form says, whether or not the model knows it. */
interface Branch {
  [name: string]: Branch | string;
}

/** The input of an operation, out of its form: `Filter.1.Value.2=a` is the second value of the first of `Filters`. */
export function readForm(form: URLSearchParams): Parameters {
  const root: Branch = {};
  for (const [path, text] of form) {
    if (path === "Action" || path === "Version") continue;
    const names = path.split(".");
    const last = names.pop() ?? "";
    let branch = root;
    for (const name of names) {
      const next = branch[name];
      const own: Branch = typeof next === "object" ? next : {};
      branch[name] = own;
      branch = own;
    }
    branch[last] = text;
  }
  return readBranch(root);
}

function readBranch(branch: Branch): Parameters {
  return Object.fromEntries(
    Object.entries(branch).map(([name, value]) => {
      if (typeof value === "string") return [name, readText(name, value)];
      const items = itemsOf(value);
      if (items === undefined) return [name, readBranch(value)];
      return [
        lists[name] ?? name,
        items.map((item) => (typeof item === "string" ? item : readBranch(item))),
      ];
    }),
  );
}

/** The items of a list in order; `undefined` when the members are no numbers. */
function itemsOf(branch: Branch): readonly (Branch | string)[] | undefined {
  const entries = Object.entries(branch);
  if (!entries.every(([name]) => /^\d+$/u.test(name))) return undefined;
  return entries.sort(([left], [right]) => Number(left) - Number(right)).map(([, item]) => item);
}

function readText(name: string, text: string): Parameter {
  if (numbers.has(name)) return Number(text);
  return booleans.has(name) ? text === "true" : text;
}
