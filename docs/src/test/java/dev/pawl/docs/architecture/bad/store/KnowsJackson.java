package dev.pawl.docs.architecture.bad.store;

import com.fasterxml.jackson.databind.ObjectMapper;

interface KnowsJackson {
    ObjectMapper mapper();
}
