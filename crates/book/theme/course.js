// The book has two looks, light and dark: all of mdBook's themes are one of the two
// here, so its menu names each once.
(() => {
    for (const name of ['rust', 'coal', 'ayu']) {
        document.getElementById(`mdbook-theme-${name}`)?.closest('li')?.remove();
    }
    const dark = document.getElementById('mdbook-theme-navy');
    if (dark) {
        dark.textContent = 'Dark';
    }
})();
