// @ts-check
// A classic worker, because not every browser runs modules here. The first of the two that answers a request has it.
importScripts('./watch/faults.js', './offline.js');
