// shipped.mjs sbom|audit : reads what npm says of all packages of the checkout, and prints what is true of those
// in dist/, which dist/THIRD-PARTY.md lists.
// sbom: the bill of materials (CycloneDX) with these components alone. audit: their known vulnerabilities.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const listed = readFileSync(new URL('../../dist/THIRD-PARTY.md', import.meta.url), 'utf8');
const shipped = [...listed.matchAll(/^## (\S+) (\S+) \(/gm)].map(([, name, version]) => ({ name, version }));

const say = (line) => process.stdout.write(`${line}\n`);

function bill(all) {
  const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const wanted = new Set(shipped.map(purl));
  const components = all.components.filter((one) => wanted.has(one.purl));
  const found = new Set(components.map((one) => one.purl));
  const missing = [...wanted].filter((one) => !found.has(one));
  if (missing.length > 0) throw new Error(`npm sbom does not list ${missing.join(', ')}.`);
  const refs = new Set(components.map((one) => one['bom-ref']));
  const root = all.metadata.component['bom-ref'];
  const dependencies = [
    { ref: root, dependsOn: [...refs] },
    ...all.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  ];
  return { ...all, components, dependencies };
}

function known({ vulnerabilities, message, error }) {
  if (vulnerabilities === undefined)
    return [`npm audit: the registry gives no answer (${message ?? error?.summary ?? 'no reason'})`];
  const names = new Set(shipped.map(({ name }) => name));
  const ours = Object.values(vulnerabilities).filter(({ name }) => names.has(name));
  if (ours.length === 0) return ['npm audit: nothing is known against what we ship'];
  return ours.map(({ name, severity, range, via }) => {
    const why = via.map((one) => (typeof one === 'string' ? `through ${one}` : `${one.title} ${one.url}`));
    return `npm audit: ${name} ${range} (${severity}): ${why.join('; ')}`;
  });
}

const told = await text(process.stdin);
if (process.argv[2] === 'sbom') say(JSON.stringify(bill(JSON.parse(told)), null, 2));
else {
  for (const line of known(told.trim() === '' ? {} : JSON.parse(told))) say(line);
}
