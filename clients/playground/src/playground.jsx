import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './playground.css';
import { isDevelopment } from './development.js';
import { examples } from './examples.js';
import { examplesPlugin } from './examples-panel.jsx';
import { fetcher } from './fetcher.js';
import { ViewerLine, ViewerSwitcher } from './viewer-switcher.jsx';

const plugins = [examplesPlugin, explorerPlugin(), HISTORY_PLUGIN];
const tabs = examples.map(({ query, variables }) => ({ query, variables }));

// The editor begins with the document of the first tab, but not with its variables, unless they are given.
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null;

export function Playground() {
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      visiblePlugin={examplesPlugin}
      defaultTabs={tabs}
      initialVariables={isFirstVisit ? tabs[0].variables : undefined}
      defaultEditorToolsVisibility="variables"
    >
      <GraphiQL.Logo>
        <ViewerSwitcher />
        Stackyard
      </GraphiQL.Logo>
      {isDevelopment && (
        <GraphiQL.Footer>
          <ViewerLine />
        </GraphiQL.Footer>
      )}
    </GraphiQL>
  );
}
