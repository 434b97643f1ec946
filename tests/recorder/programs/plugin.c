// A library that stress loads and unloads, again and again, each time perhaps elsewhere.
#include <stdlib.h>
#include <string.h>

__thread char greeting[32];

char* allocate_in_plugin(size_t size) {
  char* const text = malloc(size);
  strcpy(greeting, "from the plugin");
  if (text != NULL) strcpy(text, greeting);
  free(malloc(size / 2));
  return text;
}
