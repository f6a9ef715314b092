import { UnStyledButton, pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { examples } from './examples.js';

/** Lists the examples by their questions; one whose tab was closed comes back in a new tab. */
export const examplesPlugin = {
  title: 'Examples',
  icon: ExamplesIcon,
  content: ExamplesPanel,
};

function ExamplesPanel() {
  const { addTab, changeTab } = useGraphiQLActions();
  const { tabs, queryEditor, variableEditor } = useGraphiQL(pick('tabs', 'queryEditor', 'variableEditor'));

  function open({ operationName, query, variables }) {
    const index = tabs.findIndex((tab) => tab.operationName === operationName);
    if (index >= 0) {
      changeTab(index);
    } else {
      addTab();
      queryEditor?.setValue(query);
      variableEditor?.setValue(variables ?? '');
    }
    requestAnimationFrame(() => document.querySelector('[role=tab][aria-selected=true]')?.scrollIntoView());
  }

  return (
    <section aria-label="Examples" className="examples">
      <h1>Examples</h1>
      <ul>
        {examples.map((example) => (
          <li key={example.operationName}>
            <UnStyledButton type="button" onClick={() => open(example)}>
              <strong>{example.operationName}</strong>
              <span>{example.question}</span>
              <small>
                {example.audience}
                {example.viewer && `, as ${example.viewer}`}
              </small>
            </UnStyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ExamplesIcon(props) {
  return (
    <svg viewBox="0 0 24 24" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <path d="M4 5h3M4 12h3M4 19h3M10 5h10M10 12h10M10 19h7" strokeLinecap="round" />
    </svg>
  );
}
