import { z } from 'zod'

// What pictures and tests read of a dashboard's JSON, which is what Grafana reads.

const Target = z.object({
  refId: z.string(),
  expr: z.string(),
  legendFormat: z.string().default(''),
  format: z.string().optional(),
  instant: z.boolean().default(false),
  exemplar: z.boolean().default(false),
})
export type TargetShape = z.infer<typeof Target>

const Thresholds = z.object({
  steps: z.array(z.object({ color: z.string(), value: z.number().nullable() })),
})

const Custom = z.looseObject({
  fillOpacity: z.number().default(0),
  axisSoftMax: z.number().optional(),
  stacking: z.object({ mode: z.string() }).optional(),
  thresholdsStyle: z.object({ mode: z.string() }).optional(),
})

const Defaults = z.looseObject({
  unit: z.string().optional(),
  decimals: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  noValue: z.string().optional(),
  thresholds: Thresholds.optional(),
  custom: Custom.optional(),
})

const Override = z.object({
  matcher: z.object({ id: z.string(), options: z.unknown() }),
  properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
})

const Link = z.looseObject({ title: z.string(), url: z.string().optional() })

const Panel = z.object({
  id: z.number(),
  type: z.string(),
  title: z.string().default(''),
  description: z.string().default(''),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(Target).default([]),
  options: z.looseObject({}).default({}),
  fieldConfig: z
    .object({ defaults: Defaults, overrides: z.array(Override).default([]) })
    .default({ defaults: {}, overrides: [] }),
  links: z.array(Link).default([]),
})
export type PanelShape = z.infer<typeof Panel>

const Row = Panel.extend({ collapsed: z.boolean(), panels: z.array(Panel) })
export type RowShape = z.infer<typeof Row>

const Annotation = z.looseObject({
  name: z.string(),
  iconColor: z.string(),
  expr: z.string(),
  useValueForTime: z.boolean().default(false),
})

const Variable = z.looseObject({ name: z.string(), type: z.string() })

export const DashboardShape = z.object({
  uid: z.string(),
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  panels: z.array(z.union([Row, Panel])),
  links: z.array(Link),
  annotations: z.object({ list: z.array(Annotation) }),
  templating: z.object({ list: z.array(Variable) }),
})
export type DashboardShape = z.infer<typeof DashboardShape>

export const isRow = (panel: PanelShape | RowShape): panel is RowShape => 'collapsed' in panel

/** All panels but the rows, those of collapsed rows too. */
export const panelsOf = ({ panels }: DashboardShape): PanelShape[] =>
  panels.flatMap((panel) => (isRow(panel) ? panel.panels : [panel]))
