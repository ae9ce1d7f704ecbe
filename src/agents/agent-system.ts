/** What hookpool knows of one agent system. Each has a folder; registry.ts lists them. */
import type { Dialect } from '../protocol/dialect.ts';
import type { AnswerTable } from './answer-table.ts';
import type { AgentFormat } from './file-format.ts';

export interface AgentSystem {
  /** As its makers write it. */
  readonly name: string;
  /** The editions of its protocol, the one of today first. */
  readonly dialects: readonly Dialect[];
  /** One for each dialect, by its name. */
  readonly answers: readonly AnswerTable[];
  /** Absent where it has no files of its own, or where they are read otherwise (files/azure-documents.ts). */
  readonly file?: AgentFormat;
}
