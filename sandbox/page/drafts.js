// What somebody has entered in a view and not sent yet. It outlives a redraw of the same view, as an update
// keeps what was typed where block id and action id stay the same.

const kept = new Map();
const HOLDS = {
  plain_text_input: "value", static_select: "selected_option", users_select: "selected_user",
  multi_users_select: "selected_users", conversations_select: "selected_conversation",
  checkboxes: "selected_options", radio_buttons: "selected_option", datepicker: "selected_date",
};

function key(user, view, block, part) {
  return JSON.stringify([user, view.id, block.block_id, part.action_id, part.type]);
}

/** A state object of Slack as a bare value: text, id, list of ids, or option values. */
function bare(state) {
  const value = state?.[HOLDS[state.type]];
  if (Array.isArray(value)) return value.map((one) => one.value ?? one);
  return value && typeof value === "object" ? value.value : value;
}

export const drafts = {
  /** What blocks.js needs to draw a view. */
  desk(user, view, conversations, press) {
    return {
      user,
      press,
      conversations,
      errors: view.errors || {},
      entered(block, part) {
        const draft = kept.get(key(user, view, block, part));
        return draft !== undefined ? draft : bare(view.state.values[block.block_id]?.[part.action_id]);
      },
      enter: (block, part, value) => kept.set(key(user, view, block, part), value),
    };
  },

  /** Everything entered in this view, as `fill` takes it. */
  values(user, view) {
    const values = {};
    for (const block of view.blocks) {
      const parts = [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])];
      for (const part of parts.filter((one) => one && HOLDS[one.type])) {
        const draft = kept.get(key(user, view, block, part));
        if (draft !== undefined) values[block.block_id] = { ...values[block.block_id], [part.action_id]: draft };
      }
    }
    return values;
  },

  forget(user) {
    for (const one of [...kept.keys()]) if (JSON.parse(one)[0] === user) kept.delete(one);
  },
};
