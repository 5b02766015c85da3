import { BarChart, type BarSeriesOption } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { Html, html } from './html.ts';

/**
 * Charts as SVG, drawn without a browser. They stand in the page as pictures (`data:`): nothing within one can reach the
 * page or be reached by its style, and each has its numbers in a table beside it.
 */
use([BarChart, GridComponent, SVGRenderer]);

/** Units of the drawing: it is as wide as a small telephone, so that its letters stay readable there. */
const WIDTH = 360;
const ROW_HEIGHT = 22;
const COLUMNS_HEIGHT = 200;
/** Dark and light enough to be told apart in print without colour. */
const COLOURS = { plain: '#1f5fa8', work: '#b3470b', rest: '#a9c4e4' } as const;
const FONT = { fontSize: 11, color: '#1a1a1a' } as const;

export type Bar = { readonly label: string; readonly value: number; readonly text: string };

/** Lying bars, one a line, the value behind it. */
export function barChart(bars: readonly Bar[], alternative: string): Html {
  const series: BarSeriesOption = {
    type: 'bar',
    silent: true,
    barWidth: '65%',
    itemStyle: { color: COLOURS.plain },
    data: bars.map(({ value, text }) => ({
      value,
      label: { show: true, position: 'right', formatter: text, ...FONT },
    })),
  };
  return picture(
    {
      grid: { left: 10, right: 70, top: 2, bottom: 2 },
      xAxis: { type: 'value', show: false },
      yAxis: {
        type: 'category',
        inverse: true,
        data: bars.map(({ label }) => label),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { ...FONT, width: 140, overflow: 'truncate' },
      },
      series: [series],
    },
    Math.max(1, bars.length) * ROW_HEIGHT + 8,
    alternative,
  );
}

export type Column = { readonly label: string; readonly work: number; readonly rest: number };

/** Standing columns: those that ask for something below, the others on top of them. */
export function columnChart(columns: readonly Column[], tell: (value: number) => string, alternative: string): Html {
  const stacked = (data: readonly number[], color: string): BarSeriesOption => ({
    ...{ type: 'bar', silent: true, stack: 'all', barCategoryGap: '10%', itemStyle: { color }, data: [...data] },
  });
  return picture(
    {
      grid: { left: 12, right: 10, top: 8, bottom: 4 },
      xAxis: { type: 'category', data: columns.map(({ label }) => label), axisLabel: { ...FONT, hideOverlap: true } },
      yAxis: { type: 'value', axisLabel: { ...FONT, formatter: tell }, minInterval: 1, splitNumber: 3 },
      series: [
        stacked(
          columns.map(({ work }) => work),
          COLOURS.work,
        ),
        stacked(
          columns.map(({ rest }) => rest),
          COLOURS.rest,
        ),
      ],
    },
    COLUMNS_HEIGHT,
    alternative,
  );
}

function picture(option: EChartsCoreOption, height: number, alternative: string): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({ animation: false, ...option });
    const data = Buffer.from(chart.renderToSVGString(), 'utf8').toString('base64');
    return html`<img src="data:image/svg+xml;base64,${new Html(data)}" width="${WIDTH}" height="${height}" alt="${alternative}">`;
  } finally {
    chart.dispose();
  }
}
