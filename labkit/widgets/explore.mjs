// The figure of an explorable in JupyterLab. Python sends it as a plotly dict whose colours are
// tokens; here they become the colours of JupyterLab's theme, again whenever that changes.
// `plotly` is the engine that the published page uses too; labkit/widgets/explore.py puts it above.

const CONFIG = { displayModeBar: false, staticPlot: true };
const TOKENS = "ink ink2 paper panel line accent ready flight done failed old".split(" ");

function render({ model, el }) {
  const plot = document.createElement("div");
  plot.role = "img";
  el.append(plot);

  const paint = () => {
    const style = getComputedStyle(el);
    const colours = new Map(TOKENS.map((name) => [`@${name}`, style.getPropertyValue(`--lk-${name}`)]));
    const text = JSON.stringify(model.get("figure"));
    const { data, layout } = JSON.parse(text, (_, value) => colours.get(value) ?? value);
    layout.font.family = style.fontFamily;
    layout.width = el.clientWidth || undefined;
    plot.setAttribute("aria-label", model.get("reading"));
    const shown = data.filter(({ x }) => x.length); // plotly spends time on empty traces too
    plotly.react(plot, shown, layout, CONFIG);
  };

  model.on("change:figure", paint);
  const resized = new ResizeObserver(paint);
  resized.observe(el);
  const themed = new MutationObserver(paint);
  themed.observe(document.body, { attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
  return () => {
    model.off("change:figure", paint);
    resized.disconnect();
    themed.disconnect();
    plotly.purge(plot);
  };
}

export default { render };
