// Keys that are entered stay in memory: `persistAuthorization` would keep them on the disk.
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  persistAuthorization: false,
})
