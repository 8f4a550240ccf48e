// Frames from the camera, QR codes from frames: the browser's own reader where it has one, else zxing-wasm,
// loaded from our own address when it is first needed.
const LONGEST_SIDE = 1280; // px of a frame that is read
const AGAIN = 3000; // ms until a camera that did not open is tried again
const PAUSE = 60; // ms between two frames: the phone stays cool and the page quick

export class Camera {
  #found;
  #place = null;
  #stream = null;
  #reader = null;
  #canvas = document.createElement("canvas");
  #round = 0;

  /**
   * `found(text, taken)` is called for each code that is read, often several times a second for the same one;
   * `taken` is when its frame was taken (ms of the steady clock).
   */
  constructor(found) {
    this.#found = found;
  }

  /** Show the camera in `place` and read until `rest` or `stop`. The stream is opened once and kept. */
  async show(place) {
    this.#place = place;
    const round = ++this.#round;
    place.classList.add("gate-camera--on");
    this.say("starting");
    try {
      this.#stream ??= await open();
      const video = place.querySelector("video");
      video.srcObject = this.#stream;
      await video.play();
      this.#reader ??= await makeReader(place.dataset);
      if (round !== this.#round) return;
      place.classList.remove("gate-camera--none");
      place.classList.add("gate-camera--live");
      this.#offerTorch();
      this.say("ready");
      this.#read(video, round);
    } catch (error) {
      if (round !== this.#round) return;
      this.#giveUp();
      // Busy with something else, or not ready yet: tried again. What was denied is not asked for again.
      if (error?.name !== "NotAllowedError") setTimeout(() => this.#again(place, round), AGAIN);
    }
  }

  #again(place, round) {
    if (round === this.#round && place.isConnected && !document.hidden) this.show(place);
  }

  /** Read no more; the stream stays open, so that the next scan begins at once. */
  rest() {
    this.#round += 1;
  }

  /** Let the camera go: nobody looks at the page. */
  stop() {
    this.rest();
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
  }

  /** Turn the light on or off, where the camera has one. */
  async toggleTorch() {
    const button = this.#place?.querySelector("[data-does=torch]");
    const isOn = button?.getAttribute("aria-pressed") === "true";
    await this.#stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: !isOn }] });
    button?.setAttribute("aria-pressed", String(!isOn));
  }

  #offerTorch() {
    const [track] = this.#stream.getVideoTracks();
    const button = this.#place.querySelector("[data-does=torch]");
    if (!button || !track?.getCapabilities?.().torch) return;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(Boolean(track.getSettings().torch)));
  }

  /** Say how it stands, in the words that the page brought along. */
  say(state) {
    const line = this.#place?.querySelector(".gate-camera__state");
    if (line) line.textContent = this.#place.dataset[state] ?? "";
  }

  #giveUp() {
    this.#place.classList.remove("gate-camera--live");
    this.#place.classList.add("gate-camera--none");
    document.querySelector(".gate-number")?.setAttribute("open", "");
    this.say("none");
  }

  async #read(video, round) {
    while (round === this.#round && video.isConnected) {
      if (video.videoWidth) {
        const taken = performance.now();
        const text = await this.#reader(this.#frame(video)).catch(() => "");
        if (round !== this.#round) return;
        performance.measure("gate-decode", { start: taken, end: performance.now() });
        if (text) this.#found(text, taken);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  #frame(video) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    const width = Math.round(video.videoWidth * scale);
    const height = Math.round(video.videoHeight * scale);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }
}

function open() {
  const video = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

async function makeReader({ zxing, wasm }) {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (image) => (await detector.detect(image))[0]?.rawValue ?? "";
  }
  await load(zxing);
  await window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const options = { formats: ["QRCode"], maxNumberOfSymbols: 1, textMode: "Plain" };
  return async (image) => (await window.ZXingWASM.readBarcodes(image, options))[0]?.text ?? "";
}

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}
