interface Window {
  /** Made by `swagger-ui-bundle.js`. */
  SwaggerUIBundle(options: Readonly<Record<string, string | boolean>>): void
}
