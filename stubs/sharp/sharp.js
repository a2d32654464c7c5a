/** The import must resolve and be truthy; nothing here calls it. */
export default function sharp() {
  throw new Error('sharp is not installed: see stubs/sharp.')
}
