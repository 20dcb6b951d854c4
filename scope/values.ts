/** What the values of filters look like, wherever they are entered. */

/** `DOCS`, `~712020abc`: letters, digits, `.`, `_`, `-`. */
export const spaceKeyPattern = /^~?[\p{L}\p{N}._-]{1,255}$/u;

export const accountIdPattern = /^[\w:.-]{1,128}$/;

/** As Confluence writes labels: no spaces, commas, brackets, nor `: ; ? & # ^ * @ ! | " < >`. */
export const labelPattern = /^[^\s,:;?&[\]()#^*@!|"<>]{1,255}$/u;
