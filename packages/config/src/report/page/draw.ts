import { escapeHtml, type Html, html, trustedHtml } from "@runs-fleet/core/html";
import {
  BarChart,
  type BarSeriesOption,
  HeatmapChart,
  type HeatmapSeriesOption,
  LineChart,
  type LineSeriesOption,
  ScatterChart,
  type ScatterSeriesOption,
} from "echarts/charts";
import {
  GridComponent,
  type GridComponentOption,
  MarkLineComponent,
  VisualMapComponent,
  type VisualMapComponentOption,
} from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  GridComponent,
  MarkLineComponent,
  VisualMapComponent,
  SVGRenderer,
]);

/** The part of the library that our pictures use. Colours are names of the page's palette: `var(--busy)`. */
export type ChartOption = ComposeOption<
  | BarSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | VisualMapComponentOption
>;

/** One picture, at the width of a desk and at that of a phone: text keeps its size in both. */
export interface Picture {
  /** Unique in the page: ids in the drawing begin with it. */
  readonly id: string;
  /** What one should see, for readers who cannot. */
  readonly description: string;
  readonly height: number;
  /** Height on a phone. @defaultValue `height` */
  readonly narrowHeight?: number;
  /** Width on a desk. @defaultValue 1060 */
  readonly width?: number;
  option(size: PictureSize): ChartOption;
  /** What hovering over a mark tells; marks of line charts cannot be hovered over. */
  title?(series: number, datum: number): string;
}

/** For which of the two widths an option is asked. */
export interface PictureSize {
  readonly width: number;
  readonly narrow: boolean;
}

const wideWidth = 1060;
const narrowWidth = 340;

/** The picture as two drawings of which the page's style shows one. */
export function draw(picture: Picture): Html {
  const { id, description, height, narrowHeight = height, width = wideWidth } = picture;
  const wide = drawing(picture, `${id}-w`, { width, narrow: false }, height);
  const narrow = drawing(picture, `${id}-n`, { width: narrowWidth, narrow: true }, narrowHeight);
  return html`<div class="plot" role="img" aria-label="${description}"><div class="wide">${wide}</div><div class="narrow">${narrow}</div></div>`;
}

function drawing(picture: Picture, id: string, size: PictureSize, height: number): Html {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: size.width, height });
  chart.setOption({ animation: false, useUTC: true, ...picture.option(size) });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return trustedHtml(cleaned(svg, id, picture.title));
}

/**
 * A drawing that is the same whenever it is drawn: the library numbers its ids through the life of the process. Styles for
 * hovering go, and marks get titles, which every browser shows without a script.
 */
function cleaned(svg: string, id: string, title: Picture["title"]): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/ class="zr\d+-cls-\d+"/g, "")
    .replace(/\bzr\d+-/g, `${id}-`)
    .replace(/ (?:xmlns:xlink|version|baseProfile|xmlns)="[^"]*"/g, "")
    .replace(/<rect [^>]*fill="none"><\/rect>\n?/, "")
    .replace(/ pointer-events="visible"/g, "")
    .replace(/font-family:sans-serif;?/g, "")
    .replace(
      /<path ([^>]*) ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)" ecmeta_ssr_type="chart"([^>]*)><\/path>/g,
      (_, before: string, series: string, datum: string, after: string) => {
        const text = title?.(Number(series), Number(datum));
        const inside = text === undefined ? "" : `<title>${escapeHtml(text)}</title>`;
        return `<path ${before}${after}>${inside}</path>`;
      },
    )
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, "")
    .replace(/\n{2,}/g, "\n")
    .trim();
}
