import { Dialog } from '../components/dialog';
import { ProblemAlert } from '../components/problem-alert';
import { useUsage } from '../data/keys';
import { useSettings } from '../data/settings';
import { useProblem } from '../data/use-problem';
import { utcDay } from '../text/time';
import type { ListedKey, Usage } from '../types';

export interface UsageDialogProps {
  readonly used: ListedKey;
  readonly onSignIn: (() => void) | undefined;
  readonly onClose: () => void;
}

/** Shows how often a key was used on each of the last 30 days, as a chart and as a table. */
export function UsageDialog({ used, onSignIn, onClose }: UsageDialogProps) {
  const { strings } = useSettings();
  const usage = useUsage(used.id);
  const problem = useProblem(usage.error);
  return (
    <Dialog title={strings.usageTitle(used.name)} description={strings.usageText} onClose={onClose}>
      <ProblemAlert problem={problem} onSignIn={onSignIn} onRetry={() => usage.refetch()} />
      {usage.isPending && (
        <div className="sk-chart-skeleton sk-skeleton" role="status">
          <span className="sk-hidden">{strings.usageLoading}</span>
        </div>
      )}
      {usage.data && <UsageChart days={usage.data} />}
    </Dialog>
  );
}

const [width, height, step] = [300, 72, 10];

function UsageChart({ days }: { readonly days: Usage }) {
  const { strings, locale } = useSettings();
  const inNumbers = (count: number) => new Intl.NumberFormat(locale).format(count);
  const most = Math.max(...days.map(({ uses }) => uses));
  const count = days.reduce((sum, { uses }) => sum + uses, 0);
  const total = strings.usageTotal(inNumbers(count), count);
  const oldestFirst = [...days].reverse();
  return (
    <>
      <p className="sk-usage-head">
        <bdi className="sk-total">{total}</bdi>
        {most > 0 && <bdi className="sk-muted">{strings.usageMost(inNumbers(most))}</bdi>}
      </p>
      <svg
        className="sk-chart"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={strings.usagePicture(total, inNumbers(most))}
      >
        {oldestFirst.map(({ date, uses }, index) => {
          // A day with any use has a bar that can be seen.
          const size = uses === 0 ? 1 : 3 + (uses / most) * (height - 3);
          return (
            <rect
              key={date}
              className={uses === 0 ? 'sk-bar sk-bar-none' : 'sk-bar'}
              x={index * step + 1}
              y={height - size}
              width={step - 2}
              height={size}
            >
              <title>{`${utcDay(date, locale)}: ${inNumbers(uses)}`}</title>
            </rect>
          );
        })}
      </svg>
      <p className="sk-axis">
        <span>{utcDay(oldestFirst[0]?.date ?? '', locale)}</span>
        <span>{utcDay(days[0]?.date ?? '', locale)}</span>
      </p>
      <details className="sk-details">
        <summary>{strings.usageTable}</summary>
        <table className="sk-usage-table">
          <thead>
            <tr>
              <th scope="col" className="sk-usage-cell">
                {strings.usageDate}
              </th>
              <th scope="col" className="sk-usage-cell sk-usage-count">
                {strings.usageUses}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ date, uses }) => (
              <tr key={date}>
                <th scope="row" className="sk-usage-cell">
                  {utcDay(date, locale)}
                </th>
                <td className="sk-usage-cell sk-usage-count">{inNumbers(uses)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
