/** Grafana's dark colours. */
export const THEME = {
  ground: '#111217',
  panel: '#181b1f',
  border: '#25282d',
  grid: '#26292e',
  text: '#ccccdc',
  faint: '#8e8e9b',
  link: '#6e9fff',
} as const

/** Of the series of a panel, in order. */
const PALETTE =
  '#73bf69 #f2cc0c #8ab8ff #ff780a #f2495c #5794f2 #b877d9 #705da0 #37872d #fade2a #447ebc #c15c17'.split(
    ' ',
  )

export const colourOf = (index: number) => PALETTE[index % PALETTE.length] ?? ''

const NAMED: Readonly<Record<string, string>> = {
  green: '#73bf69',
  yellow: '#fade2a',
  orange: '#ff9830',
  red: '#f2495c',
  blue: '#5794f2',
  purple: '#b877d9',
  text: THEME.text,
}

/** The colour that Grafana has under a name. */
export const named = (name: string) => NAMED[name] ?? name
