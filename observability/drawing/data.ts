/** What a panel's query has answered, under its legend. Times in seconds since 1970. */
export interface Line {
  readonly name: string
  /** Of the query that it answers. */
  readonly refId: string
  readonly labels: Readonly<Record<string, string>>
  readonly points: readonly (readonly [time: number, value: number])[]
}

export interface PanelData {
  readonly lines: readonly Line[]
  readonly exemplars: readonly (readonly [time: number, value: number])[]
}

/** What happened, at a time or between two. */
export interface Mark {
  readonly colour: string
  readonly from: number
  readonly to: number
}

/** What is drawn besides the panel itself. */
export interface Scenery {
  readonly start: number
  readonly end: number
  readonly marks: readonly Mark[]
}

/** In pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}
