/** A home folder in which Claude Code keeps a transcript, and what must not be sent of it. */
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type StandIn, standIn } from './stand-in-server.ts';

export class TranscriptHome {
  /** The folder around all homes of a test file; a real path. */
  readonly all = realpathSync(mkdtempSync(path.join(tmpdir(), 'hookpool-transcript-')));
  path = '';
  /** A folder with transcripts. */
  folder = '';
  /** The transcript of the session, which is not there yet. */
  file = '';

  /** A new home. */
  renew(): void {
    this.path = mkdtempSync(path.join(this.all, 'home-'));
    this.folder = path.join(this.path, '.claude/projects/-work');
    this.file = path.join(this.folder, 'session.jsonl');
    mkdirSync(this.folder, { recursive: true });
  }

  /** A file in the home that is no transcript. */
  secret(): string {
    const secret = path.join(this.path, '.claude/credentials.json');
    writeFileSync(secret, 'secret\n');
    return secret;
  }

  /** Paths outside of the folder of the transcripts, also by .. and by a name that begins like it. */
  outside(): string[] {
    const secret = this.secret();
    const beside = `${path.dirname(this.folder)}-more`;
    mkdirSync(beside);
    writeFileSync(path.join(beside, 'x'), 'secret\n');
    const up = `${this.folder}/../../credentials.json`;
    return [secret, up, path.join(beside, 'x'), '/etc/passwd'];
  }

  /** A link in the folder. @returns its path */
  link(name: string, target: string): string {
    symlinkSync(target, path.join(this.folder, name));
    return path.join(this.folder, name);
  }

  /** Makes the transcript one of 52 MB, whose last 2 MB are lines. */
  writeLarge(): void {
    writeFileSync(this.file, '');
    truncateSync(this.file, 50_000_000);
    writeFileSync(this.file, `\n${'{"turn":1}\n'.repeat(200_000)}`, { flag: 'a' });
  }

  /** The transcript of a subagent, beside that of its session. @returns a context that names both */
  writeSubagent(): { readonly transcript_path: string; readonly agent_transcript_path: string } {
    const own = path.join(this.folder, 'session/subagents/agent-1.jsonl');
    mkdirSync(path.dirname(own), { recursive: true });
    writeFileSync(own, 'subagent\n');
    writeFileSync(this.file, 'session\n');
    return { transcript_path: this.file, agent_transcript_path: own };
  }

  /** Writes a transcript of some agent. @param below a folder in which * stands for any name */
  write(below: string, text: string): string {
    const into = path.join(this.path, below.replace('*', 'any'), 'deep');
    mkdirSync(into, { recursive: true });
    writeFileSync(path.join(into, 's.jsonl'), text);
    return path.join(into, 's.jsonl');
  }
}

/** A new home for each test; nothing of them is left. */
export function useTranscriptHome(): TranscriptHome {
  const home = new TranscriptHome();
  beforeEach(() => home.renew());
  afterAll(() => rmSync(home.all, { recursive: true }));
  return home;
}

/** A server whose hooks read the transcript, for the tests of a file; each sees its own requests. */
export function useTranscriptServer(): Pick<StandIn, 'url' | 'asked'> {
  let server: StandIn | undefined;
  beforeAll(async () => {
    server = await standIn((response, { headers }) => {
      if (headers['hookpool-transcript'] === 'offered') response.writeHead(428).end('{}');
      else response.end('0\u001esaid\u001elogged\n\u001e');
    });
  });
  afterAll(() => server?.close());
  beforeEach(() => {
    if (server !== undefined) server.asked.length = 0;
  });
  return {
    get url() {
      return String(server?.url);
    },
    get asked() {
      return server?.asked ?? [];
    },
  };
}
