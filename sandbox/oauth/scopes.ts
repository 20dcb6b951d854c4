/** Scopes as the consent page puts them. What is absent here is shown by its name. */
const IN_WORDS: Readonly<Record<string, string>> = {
  'read:me': 'View your profile details: name, email address and picture',
  offline_access: 'Keep access while you are not using the app',
  'read:page:confluence': 'View pages and blog posts',
  'read:space:confluence': 'View spaces',
  'read:comment:confluence': 'View comments',
  'read:attachment:confluence': 'View attachments',
  'read:content.metadata:confluence': 'View content summaries and the path to content',
  'read:hierarchical-content:confluence': 'View what is below content in the tree',
  'read:folder:confluence': 'View folders',
  'read:whiteboard:confluence': 'View whiteboards',
  'read:database:confluence': 'View databases',
  'read:embed:confluence': 'View Smart Links in the content tree',
  'read:space.permission:confluence': 'View who may do what in spaces',
  'read:user:confluence': 'View users',
  'read:configuration:confluence': 'View settings of the site',
  'read:label:confluence': 'View labels',
  'read:task:confluence': 'View tasks',
  'read:custom-content:confluence': 'View custom content',
  'search:confluence': 'Search content and spaces',
  'read:confluence-content.all': 'View all content, its bodies and its restrictions',
  'read:confluence-content.summary': 'View summaries of content',
  'read:confluence-content.permission': 'View whether someone may do something with content',
  'read:confluence-space.summary': 'View summaries of spaces',
  'read:confluence-groups': 'View groups and their members',
  'read:confluence-user': 'View people',
  'read:confluence-props': 'View properties of content',
  'read:audit-log:confluence': 'View audit records',
  'read:content-details:confluence': 'View content with its restrictions',
  'read:content.restriction:confluence': 'View restrictions of content',
  'read:content.permission:confluence': 'Check permissions on content',
  'read:group:confluence': 'View groups',
  'readonly:content.attachment:confluence': 'Download attachments',
};

/** Every scope that the demonstration's app has enabled in its console. */
export const ALL_SCOPES: readonly string[] = Object.keys(IN_WORDS);

export function scopeInWords(scope: string): string {
  return IN_WORDS[scope] ?? scope;
}

/** Which product a scope opens; identity scopes open none. */
export function productOf(scope: string): 'confluence' | 'jira' | null {
  if (/confluence/.test(scope)) return 'confluence';
  if (/jira/.test(scope)) return 'jira';
  return null;
}
