const lookups = {
  organization: 'query ($slug: String!) { organization(slug: $slug) { id } }',
  project: 'query ($slug: String!) { organization(slug: $slug) { projects(first: 100) { nodes { slug id } } } }',
  technology: 'query ($slug: String!) { technology(slug: $slug) { id } }',
};

const placeholder = new RegExp(`^id of (${Object.keys(lookups).join('|')}) (\\S+)$`);

/**
 * The variables with the id in place of each text such as `id of organization acme`, `id of technology nodejs` or
 * `id of project acme/orders`, so that they can be written down without an id of one database. Ids are asked for
 * with `ask`, which posts a query.
 */
export async function withIDs(variables, ask) {
  if (typeof variables === 'string') {
    const [, kind, name] = variables.match(placeholder) ?? [];
    return kind ? idOf(kind, name, ask) : variables;
  }
  if (variables === null || typeof variables !== 'object') return variables;
  if (Array.isArray(variables)) return Promise.all(variables.map((item) => withIDs(item, ask)));
  const entries = Object.entries(variables).map(async ([key, value]) => [key, await withIDs(value, ask)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function idOf(kind, name, ask) {
  const [slug, project] = name.split('/');
  const { data, errors } = await ask({ query: lookups[kind], variables: { slug } });
  if (errors) throw new Error(errors[0].message);
  const found = kind === 'project' ? data.organization?.projects.nodes.find((one) => one.slug === project) : data[kind];
  if (!found) throw new Error(`There is no ${kind} ${name} that you may see.`);
  return found.id;
}
