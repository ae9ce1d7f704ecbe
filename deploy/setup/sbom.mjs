// sbom.mjs PACKAGES NAME : prints the bill of materials (CycloneDX 1.5, JSON) of the image NAME
// from PACKAGES, the list in /opt/hookpool/packages of the image: name, version and architecture of
// each Debian package.
import { readFileSync } from 'node:fs';

const [file, name] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
const components = lines.map((line) => {
  const [name, version, architecture] = line.split('\t');
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}&distro=debian-13`;
  return { type: 'library', name, version, purl, 'bom-ref': purl };
});
const [image, version] = name.split(':');
const metadata = { component: { type: 'container', name: image, version } };
process.stdout.write(`${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, metadata, components }, null, 2)}\n`);
