import { row, type Source, type StrictnessTable } from "./row.ts";
import { sources } from "./sources.ts";

const file = "src/testing/imds/fake-instance-metadata.test.ts";
const none = "there is no emulator";
const rule = (text: string, source: Source, title: string) => row(text, source, file, title, none);

/** The metadata service of an instance. */
export const metadataTable: StrictnessTable = {
  fake: "Instance metadata: `createFakeInstanceMetadata`",
  rows: [
    rule(
      "Whoever has no session is answered 401, whatever is asked for",
      sources.metadataSessions,
      "says nothing to who has no session",
    ),
    rule(
      "A session ends when its time is over",
      sources.metadataSessions,
      "ends sessions when their time is over",
    ),
    rule(
      "A session lasts 1 second to 6 hours; other lives are answered 400",
      sources.metadataSessions,
      "gives no token for %j seconds",
    ),
    rule(
      "Whoever comes through a proxy gets no session",
      sources.metadataSessions,
      "gives no token without a life, through a proxy, or by another method",
    ),
    rule(
      "The identity document names account, region, zone, instance and when it began",
      sources.metadataIdentity,
      "says which instance it is",
    ),
    rule(
      "An empty segment in a path counts for nothing",
      sources.metadataClient,
      "takes the path that the SDK's client writes",
    ),
    rule(
      "A tag that the instance does not have is answered 404",
      sources.metadataTags,
      "shows the tags that there are",
    ),
    rule(
      "A tag's change shows later than it was made; how much later is nowhere written",
      sources.metadataTagsLate,
      "shows the tags that there are, and changes when they come through",
    ),
    rule(
      "A key that metadata cannot show is refused, as are keys of AWS, long values and a tag too many",
      sources.metadataTags,
      "takes no tag that EC2 would refuse",
    ),
    rule(
      "Without the launch template's leave no tag is shown",
      sources.metadataTags,
      "shows no tags when the launch template does not say so",
    ),
    rule(
      "No notice is answered 404; instances that are not spot's never get one",
      sources.spotNotice,
      "gives notice to spot instances alone, and advice to all",
    ),
    rule(
      "Credentials are those of the one role of the profile; without a profile there are none",
      sources.metadataRoles,
      "gives the credentials of its one role",
    ),
  ],
};
