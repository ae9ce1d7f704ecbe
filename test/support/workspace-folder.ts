/** A folder for workspaces: /tmp cannot hold one, because every sandbox has a /tmp of its own. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface WorkspaceFolder {
  readonly path: string;
  /** Makes a folder that everybody may read, and returns its path. */
  folder(name: string): string;
  /** Writes a file that everybody may read, with the folders above it. */
  file(name: string, content: string, mode?: number): string;
  remove(): void;
}

export function workspaceFolder(): WorkspaceFolder {
  const root = realpathSync(mkdtempSync('/var/tmp/hookpool-'));
  chmodSync(root, 0o755);
  const folder = (name: string) => {
    const place = path.join(root, name);
    mkdirSync(place, { recursive: true, mode: 0o755 });
    return place;
  };
  return {
    path: root,
    folder,
    file: (name, content, mode = 0o644) => {
      folder(path.dirname(name));
      const place = path.join(root, name);
      writeFileSync(place, content);
      chmodSync(place, mode);
      return place;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
