# Stands in for Wireshark's own package of CMake in cross builds: that of Debian names absolute files of the machine
# that it is installed on, and there is none for Windows. PORTLORE_SERIES, PORTLORE_INCLUDES and PORTLORE_LIBRARIES say
# which series, which folders of headers and which libraries.
# SPDX-License-Identifier: GPL-2.0-or-later
string(REPLACE "." ";" _parts "${PORTLORE_SERIES}")
list(GET _parts 0 Wireshark_MAJOR_VERSION)
list(GET _parts 1 Wireshark_MINOR_VERSION)
set(Wireshark_PLUGIN_LIBDIR "plugins/${PORTLORE_SERIES}")
set(Wireshark_INSTALL_PREFIX "${PROJECT_BINARY_DIR}/install")

add_library(epan INTERFACE IMPORTED)
target_include_directories(epan SYSTEM INTERFACE ${PORTLORE_INCLUDES})
target_link_libraries(epan INTERFACE ${PORTLORE_LIBRARIES})
