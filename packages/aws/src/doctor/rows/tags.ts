import { assertFixedTags } from "../../ec2/tags.ts";
import type { DoctorRow } from "../row.ts";

/** Whether machines can have the host's tags. */
export const tagsRow: DoctorRow = {
  id: "tags",
  question: "Can instance metadata show the tags that the host gives to all machines?",
  why: "One key that it cannot show fails every launch (EC2 guide, Work with instance tags in instance metadata)",
  async run({ options }) {
    const { tags } = options;
    try {
      assertFixedTags(tags);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { verdict: "disproven", detail: error.message, advice: "rename the key" };
    }
    const count = Object.keys(tags).length;
    return {
      verdict: "proven",
      detail: `${count === 0 ? "no" : count} tags beside runs-fleet's own`,
    };
  },
};
