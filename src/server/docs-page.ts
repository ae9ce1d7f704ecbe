/** The API for people: one page that loads nothing else. */
import { z } from 'zod';
import type { Operation } from './operation.ts';

const style = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
tr { border-top: 1px solid #ddd; } code { font: 13px ui-monospace, monospace; } details { margin: .5rem 0; }`;

export function docsPage(version: string, operations: readonly Operation[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>hookpool</title><style>${style}</style></head>
<body><h1>hookpool ${escapeHtml(version)}</h1>
<p>Send <code>Authorization: Bearer TOKEN</code>. An error is <code>{"error": {code, message, pointer}}</code>; the pointer
leads to the field of the body that is wrong. For programs: <a href="openapi.json">openapi.json</a>.</p>
${operations.map(section).join('\n')}
</body></html>
`;
}

function section({ method, path, about, role, body }: Operation): string {
  const fields = body?.schema === undefined ? '' : fieldTable(body.schema);
  const title = `<code>${method.toUpperCase()} ${escapeHtml(path)}</code> &mdash; ${escapeHtml(about)}`;
  const who = role === 'public' ? '' : ` <small>(${role})</small>`;
  return fields === ''
    ? `<p>${title}${who}</p>`
    : `<details><summary>${title}${who}</summary>${fields}</details>`;
}

function fieldTable(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  const rows = Object.entries(properties).map(([name, property]) => {
    const description = typeof property === 'object' ? (property.description ?? '') : '';
    const must = required.includes(name) ? ' (required)' : '';
    return `<tr><td><code>${escapeHtml(name)}</code>${must}</td><td>${escapeHtml(description)}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
