/** Reading aloud by the browser's own speech: one text at a time on the page. */

const VOICES = { pl: "pl-PL", en: "en-GB" };
// Some engines fall silent in the middle of a long text: it is given in sentences.
const PART_MAX_CHARS = 220;

let speaker = null;

/** Reads the text in the language; `onEnd()` is called when it ends, is stopped or is replaced. */
export function speak(text, language, onEnd) {
  stopSpeaking();
  const parts = partsOf(text).map((part) => utterance(part, language));
  if (parts.length === 0) return onEnd();
  const current = { onEnd };
  speaker = current;
  const finish = () => speaker === current && end();
  parts.at(-1).addEventListener("end", finish);
  for (const part of parts) {
    part.addEventListener("error", finish);
    speechSynthesis.speak(part);
  }
}

export function stopSpeaking() {
  if (!speaker) return;
  speechSynthesis.resume(); // a paused engine would stay paused for the next text
  speechSynthesis.cancel();
  end();
}

function end() {
  const { onEnd } = speaker;
  speaker = null;
  onEnd();
}

function utterance(part, language) {
  const wanted = VOICES[language.slice(0, 2)] ?? language;
  const made = new SpeechSynthesisUtterance(part);
  made.lang = wanted;
  const voices = speechSynthesis.getVoices();
  const voice =
    voices.find(({ lang }) => lang.replace("_", "-") === wanted) ??
    voices.find(({ lang }) => lang.startsWith(wanted.slice(0, 2)));
  if (voice) made.voice = voice;
  return made;
}

/** The text in pieces of at most PART_MAX_CHARS, cut after sentences, else between words. */
function partsOf(text) {
  const sentences = text.split(/(?<=[.!?…:;])\s+|\n+/).map((sentence) => sentence.trim());
  return sentences.filter(Boolean).flatMap(cut);
}

function cut(sentence) {
  const parts = [""];
  for (const word of sentence.split(/\s+/)) {
    if (parts.at(-1).length + word.length > PART_MAX_CHARS) parts.push("");
    parts.push(`${parts.pop()} ${word}`.trim());
  }
  return parts;
}

addEventListener("pagehide", stopSpeaking);
