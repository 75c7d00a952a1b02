// The words are those of the integration's translations, under "common".
const PREFIX = "component.homelab_ai.common.";

/** Return a function from a key, and values for its placeholders, to a text in the user's language. */
export async function loadTexts(hass) {
  const localize = await hass.loadBackendTranslation("common", "homelab_ai");
  return (key, values) => (localize || hass.localize)(PREFIX + key, values) || key;
}
