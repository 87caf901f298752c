const connection = document.getElementById("connection");
const announcer = document.getElementById("announcer");

/** Says above the question how it stands with the connection; read out politely. */
export function note(words) {
  connection.textContent = words;
}

/** Says what cannot be seen at a glance to those who listen: not each token, but where we are. */
export function announce(words) {
  announcer.textContent = words;
}
