const entities: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
};

/** Text as it may stand in XML. */
export const escapeXml = (text: string): string =>
  text.replaceAll(/[<>&"]/gu, (character) => entities[character] ?? character);

/** What stands in the elements of a name, which has none of the same name inside. */
export function textsOf(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "gu"))].map(
    ([, text = ""]) => text,
  );
}
