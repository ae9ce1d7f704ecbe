/** Evaluations as a table; the payload is on the page of each one. */
import { Component } from 'preact';
import type { EvaluationSummary } from '../../server/api-types.ts';
import { hrefOf } from '../address.ts';
import { visible } from '../ansi.ts';
import { shownMs, shownTime } from '../shown.ts';
import { DecisionMark } from './decision.tsx';

export function EvaluationTable({ rows }: { rows: readonly EvaluationSummary[] }) {
  const today = new Date().toDateString();
  return (
    <div class="wide">
      <table class="evaluations">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Decision</th>
            <th scope="col">Event</th>
            <th scope="col">Tool</th>
            <th scope="col">Decided by</th>
            <th scope="col">Agent</th>
            <th scope="col">Hook set</th>
            <th scope="col" class="number">
              Duration
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} today={today} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly row: EvaluationSummary;
  /** A time of another day is shown with its date. */
  readonly today: string;
}

/** Four times a second a few rows arrive above 500 that stay as they are: those are not drawn again. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return next.row !== this.props.row || next.today !== this.props.today;
  }

  render() {
    return <Cells row={this.props.row} />;
  }
}

function Cells({ row }: { row: EvaluationSummary }) {
  const { id, at, event, tool, subject, decidedBy, reason, dialect, hookset, durationMs } = row;
  return (
    <tr>
      <td data-title="Time">
        <a href={hrefOf(['evaluation', id])}>
          <time dateTime={at}>{shownTime(at)}</time>
        </a>
      </td>
      <td data-title="Decision">
        <DecisionMark said={row} />
        {row.code !== undefined && <div class="quiet mono">{row.code}</div>}
      </td>
      <td data-title="Event">{visible(event)}</td>
      <td data-title="Tool">
        {tool === undefined ? <span class="quiet">none</span> : visible(tool)}
        {subject !== undefined && <div class="quiet mono">{visible(subject)}</div>}
      </td>
      <td data-title="Decided by">
        {decidedBy === undefined ? <span class="quiet">{hookCount(row)}</span> : visible(decidedBy)}
        {reason !== undefined && <div class="quiet">{visible(reason)}</div>}
      </td>
      <td data-title="Agent">{dialect}</td>
      <td data-title="Hook set">
        {hookset !== undefined && <a href={hrefOf(['hook-set', hookset])}>{hookset}</a>}
      </td>
      <td data-title="Duration" class="number">
        {shownMs(durationMs)}
      </td>
    </tr>
  );
}

function hookCount({ hooks, failed, notRun }: EvaluationSummary): string {
  if (hooks.length === 0) return 'no hook matched';
  const parts = [
    `${hooks.length} called`,
    failed && `${failed} failed`,
    notRun && `${notRun} not run`,
  ];
  return parts.filter((part) => part !== 0).join(', ');
}
