// Reading aloud and speech input by the browser's own facilities; both off unless switched on.

/** A voice on this device (a remote one would send the text away), or undefined. */
export function localVoice(): SpeechSynthesisVoice | undefined {
  if (!("speechSynthesis" in window)) return undefined;
  const voices = speechSynthesis.getVoices().filter((each) => each.localService);
  return voices.find((each) => each.lang.toLowerCase().startsWith("en"));
}

/** Read a text aloud, after what is being read. */
export function readAloud(text: string): void {
  const voice = localVoice();
  if (!voice) return;
  const speech = new SpeechSynthesisUtterance(text);
  speech.voice = voice;
  speech.lang = voice.lang;
  speechSynthesis.speak(speech);
}

export function stopReading(): void {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

interface Recognition {
  lang: string;
  start(): void;
  stop(): void;
  onresult: ((event: { results: { transcript: string }[][] }) => void) | null;
  onerror: (() => void) | null;
  onend: (() => void) | null;
}

function recogniser(): (new () => Recognition) | undefined {
  const names = window as unknown as Record<string, (new () => Recognition) | undefined>;
  return names.SpeechRecognition ?? names.webkitSpeechRecognition;
}

export function canListen(): boolean {
  return recogniser() !== undefined;
}

/** Listen for one utterance; the promise gives its text, or "" where nothing was heard. */
export function listen(): Promise<string> {
  const Recogniser = recogniser();
  if (!Recogniser) return Promise.resolve("");
  return new Promise((resolve) => {
    const recognition = new Recogniser();
    recognition.lang = "en";
    recognition.onresult = (event) => resolve(event.results[0]?.[0]?.transcript ?? "");
    recognition.onerror = () => resolve("");
    recognition.onend = () => resolve("");
    recognition.start();
  });
}
