/** Where the configuration lies in `.github-private`. */
export const usualFile = ".github/runs-fleet.yml";
