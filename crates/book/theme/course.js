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

// The button that shows the contents is a label, which no key gets to.
(() => {
    const toggle = document.getElementById('mdbook-sidebar-toggle');
    if (!toggle) {
        return;
    }
    toggle.setAttribute('role', 'button');
    toggle.tabIndex = 0;
    toggle.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            toggle.click();
        }
    });
})();

// The Escape key puts away what a placeholder says, until somebody asks again.
(() => {
    const quiet = (is) => document.documentElement.classList.toggle('quiet', is);
    document.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') {
            quiet(true);
        }
    });
    for (const ask of ['focusin', 'pointerover']) {
        document.addEventListener(ask, () => quiet(false));
    }
})();

// What scrolls sideways can be scrolled by keyboard, also where the browser itself does
// not see to it.
(() => {
    const reach = () => {
        for (const one of document.querySelectorAll('.course :is(pre, code, .table-wrapper)')) {
            if (one.scrollWidth > one.clientWidth && getComputedStyle(one).overflowX === 'auto') {
                one.tabIndex = 0;
            } else {
                one.removeAttribute('tabindex');
            }
        }
    };
    reach();
    addEventListener('resize', reach);
    document.addEventListener('toggle', reach, true);
})();
