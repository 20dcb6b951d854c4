const mediaTypes =
  /^(text\/|application\/(pdf|rtf|json|xml|xhtml\+xml|yaml|x-yaml|javascript|vnd\.openxmlformats-officedocument\.|vnd\.ms-(word|excel|powerpoint)\.\w+\.macroenabled|vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)))/i;
const endings =
  /\.(pdf|docx|docm|dotx|xlsx|xlsm|xltx|pptx|pptm|ppsx|potx|odt|ott|ods|ots|odp|otp|rtf|csv|tsv|html?|xhtml|md|markdown|txt|text|log|json|xml|ya?ml)$/i;
const neverText = /^(image|audio|video|font)\//i;

/**
 * Whether a file may have text that is read here, by its media type and name: what is not worth a download is not
 * downloaded. What it is in truth its content tells, later.
 */
export function isExtractable({ mediaType, name }: { mediaType: string | null; name: string }): boolean {
  const type = mediaType ?? '';
  return !neverText.test(type) && (mediaTypes.test(type) || endings.test(name));
}
