/**
 * Everything that hookpool knows about one agent system. Each system has its own folder;
 * registry.ts lists them.
 */
import type { Dialect } from '../protocol/dialect.ts';
import type { AnswerTable } from './answer-table.ts';
import type { AgentFormat } from './file-format.ts';

export interface AgentSystem {
  /** The product name, as its makers spell it. */
  readonly name: string;
  /** The versions of its hook protocol, the default one first. */
  readonly dialects: readonly Dialect[];
  /** One table per dialect, under the dialect's name. */
  readonly answers: readonly AnswerTable[];
  /**
   * Its hook file format. Absent where the system has no hook files, or where other code reads them
   * (files/azure-documents.ts).
   */
  readonly file?: AgentFormat;
  /** The folders of its transcripts. Absent where its context names no transcript. */
  readonly transcripts?: readonly TranscriptFolder[];
}

/** A folder of a user in which an agent keeps transcripts, at any depth below it. */
export interface TranscriptFolder {
  /** Below the home folder. A part `*` stands for a folder of any name. */
  readonly inHome: string;
  /** The variable that names another folder, and the path below that one. */
  readonly variable?: { readonly name: string; readonly below: string };
}
