# GeneratePortFacts.cmake
# Makes the C table and the documentation page from data/ports.json, and checks the facts while it reads them.
#
#   cmake -DPORTS_JSON=data/ports.json -DOUT_C=port_facts_table.c -DOUT_MD=docs/ports.md -P data/GeneratePortFacts.cmake
#
# Stops at the first thing that is wrong, with the file and the path of the key. Needs nothing but CMake. The rules are
# those of ports.schema.json, and two that a schema cannot state: the ports ascend, and none is there twice.
#
# Texts are passed on as quoted arguments and appended to strings, never kept in lists: CMake splits lists at
# semicolons, and not where a square bracket is open.
#
# SPDX-License-Identifier: GPL-2.0-or-later
cmake_minimum_required(VERSION 3.20)

foreach(name PORTS_JSON OUT_C OUT_MD)
    if(NOT DEFINED ${name})
        message(FATAL_ERROR "${name} is not set: give -D${name}=FILE in front of -P.")
    endif()
endforeach()

# Control characters, which no text may have: most would spoil the page, and a line break would spoil both outputs.
string(ASCII 1 first_control)
string(ASCII 31 last_control)
string(ASCII 127 delete_character)
set(CONTROL_CHARACTERS "[${first_control}-${last_control}${delete_character}]")

set(TRANSPORTS tcp udp) # as in port_transport_t, and in its order
set(STATUSES Assigned Unassigned Reserved)
set(VERDICTS Confirmed Contradicted Unverified)
set(DATE_MONTH "(0[1-9]|1[0-2])")
set(DATE_DAY "(0[1-9]|[12][0-9]|3[01])")

# The file as messages name it: from the repository's top, if it lies in there.
get_filename_component(json_file "${PORTS_JSON}" ABSOLUTE)
get_filename_component(repository "${CMAKE_CURRENT_LIST_DIR}" DIRECTORY)
file(RELATIVE_PATH shown_file "${repository}" "${json_file}")
if(shown_file MATCHES "^\\.\\./")
    set(shown_file "${PORTS_JSON}")
endif()

# --------------------------------------------------------------------------------------------------------------- Checks

function(fail path problem)
    if(path STREQUAL "")
        set(where "${shown_file}")
    else()
        set(where "${shown_file}: ${path}")
    endif()
    # The blank in front keeps CMake from breaking the line.
    message(FATAL_ERROR " ${where}: ${problem}")
endfunction()

# Sets OUT to the path of a key inside the object at PATH.
function(join_path out path key)
    if(path STREQUAL "")
        set(${out} "${key}" PARENT_SCOPE)
    else()
        set(${out} "${path}.${key}" PARENT_SCOPE)
    endif()
endfunction()

function(comma_separated out)
    string(REPLACE ";" ", " text "${ARGN}")
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

function(check_type json path wanted)
    string(JSON type ERROR_VARIABLE error TYPE "${json}" ${ARGN})
    if(NOT type STREQUAL wanted)
        string(TOLOWER "${type}" type)
        string(TOLOWER "${wanted}" wanted)
        fail("${path}" "is of type ${type}, but must be of type ${wanted}")
    endif()
endfunction()

# An object has the keys after REQUIRED, may have those after OPTIONAL, and has no others.
function(check_keys json path)
    cmake_parse_arguments(PARSE_ARGV 2 KEYS "" "" "REQUIRED;OPTIONAL")
    set(known ${KEYS_REQUIRED} ${KEYS_OPTIONAL})
    string(JSON count LENGTH "${json}")
    if(count GREATER 0)
        math(EXPR last "${count} - 1")
        foreach(i RANGE ${last})
            string(JSON key MEMBER "${json}" ${i})
            if(NOT "${key}" IN_LIST known)
                join_path(key_path "${path}" "${key}")
                comma_separated(names ${known})
                fail("${key_path}" "unknown key; the keys here are ${names}")
            endif()
        endforeach()
    endif()
    foreach(key IN LISTS KEYS_REQUIRED)
        string(JSON type ERROR_VARIABLE error TYPE "${json}" "${key}")
        if(error)
            join_path(key_path "${path}" "${key}")
            fail("${key_path}" "the key is missing")
        endif()
    endforeach()
endfunction()

# Sets OUT to the text at KEY, or leaves it undefined where the key is absent. PATTERN is what the text must match, and
# HINT says the same in words.
function(read_text out json path key)
    cmake_parse_arguments(PARSE_ARGV 4 TEXT "" "PATTERN;HINT" "")
    unset(${out} PARENT_SCOPE)
    string(JSON type ERROR_VARIABLE error TYPE "${json}" "${key}")
    if(error)
        return()
    endif()
    join_path(key_path "${path}" "${key}")
    check_type("${json}" "${key_path}" STRING "${key}")
    string(JSON text GET "${json}" "${key}")
    if("${text}" STREQUAL "")
        fail("${key_path}" "is empty")
    elseif("${text}" MATCHES "${CONTROL_CHARACTERS}")
        fail("${key_path}" "\"${text}\" has a line break or another control character")
    elseif("${text}" MATCHES "^ | $")
        fail("${key_path}" "\"${text}\" has a blank at its beginning or end")
    elseif("${text}" MATCHES "[A-Za-z0-9]@[A-Za-z0-9-]+\\.[A-Za-z]")
        fail("${key_path}" "\"${text}\" has an e-mail address in it; give the domain only")
    elseif(DEFINED TEXT_PATTERN AND NOT "${text}" MATCHES "${TEXT_PATTERN}")
        fail("${key_path}" "\"${text}\" is not ${TEXT_HINT}")
    endif()
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

function(read_sentence out json path key)
    read_text(text "${json}" "${path}" "${key}" PATTERN "\\.$" HINT "a sentence: it has no full stop at its end")
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

# A text out of a list of words.
function(read_word out json path key)
    read_text(text "${json}" "${path}" "${key}")
    if(NOT "${text}" IN_LIST ARGN)
        join_path(key_path "${path}" "${key}")
        comma_separated(words ${ARGN})
        fail("${key_path}" "\"${text}\" is not one of ${words}")
    endif()
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

# ----------------------------------------------------------------------------------------------- Writing C and Markdown

# Sets OUT to the C string literal for a text; to NULL when no text is given.
function(c_string out)
    if(ARGC EQUAL 1)
        set(${out} "NULL" PARENT_SCOPE)
        return()
    endif()
    set(text "${ARGV1}")
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    string(REPLACE "?" "\\?" text "${text}") # C11 has trigraphs
    # Octets outside ASCII become octal escapes: three digits always, so that a digit behind them stays what it is.
    if(text MATCHES "[^ -~]")
        string(HEX "${text}" octets)
        string(REGEX MATCHALL ".." octets "${octets}")
        set(text "")
        foreach(octet IN LISTS octets)
            math(EXPR value "0x${octet}")
            if(value LESS 128)
                string(ASCII ${value} character)
                string(APPEND text "${character}")
            else()
                math(EXPR high "${value} / 64")
                math(EXPR middle "${value} / 8 % 8")
                math(EXPR low "${value} % 8")
                string(APPEND text "\\${high}${middle}${low}")
            endif()
        endforeach()
    endif()
    set(${out} "\"${text}\"" PARENT_SCOPE)
endfunction()

# Sets OUT to a text as it is written in a Markdown table cell; to nothing when no text is given.
function(md_text out)
    if(ARGC EQUAL 1)
        set(${out} "" PARENT_SCOPE)
        return()
    endif()
    set(text "${ARGV1}")
    foreach(special "\\" "*" "_" "`" "|" "[" "]")
        string(REPLACE "${special}" "\\${special}" text "${text}")
    endforeach()
    # Inside a word an underscore means nothing, and the escape only spoils addresses.
    string(REGEX REPLACE "([A-Za-z0-9])\\\\_([A-Za-z0-9])" "\\1_\\2" text "${text}")
    string(REPLACE "&" "&amp;" text "${text}")
    string(REPLACE "<" "&lt;" text "${text}")
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

# The same for a name or a command, in the type of code. Has no way to write a backquote, so that one is an error.
function(md_code out path)
    if(ARGC EQUAL 2)
        set(${out} "" PARENT_SCOPE)
        return()
    endif()
    if("${ARGV2}" MATCHES "`")
        fail("${path}" "\"${ARGV2}\" has a backquote in it")
    endif()
    string(REPLACE "|" "\\|" text "${ARGV2}")
    set(${out} "`${text}`" PARENT_SCOPE)
endfunction()

# A file whose content stays the same keeps its time, so that nothing is compiled again.
function(write_if_changed file content)
    if(EXISTS "${file}")
        file(READ "${file}" before)
        if("${before}" STREQUAL "${content}")
            return()
        endif()
    endif()
    file(WRITE "${file}" "${content}")
endfunction()

# ------------------------------------------------------------------------------------------------------- The whole file

if(NOT EXISTS "${json_file}")
    fail("" "there is no such file")
endif()
file(READ "${json_file}" document)
string(JSON type ERROR_VARIABLE error TYPE "${document}")
if(error)
    string(REGEX REPLACE "[\r\n ]+" " " error "${error}")
    fail("" "this is not JSON: ${error}")
endif()
check_type("${document}" "" OBJECT)
check_keys("${document}" "" REQUIRED "$schema" registry advice ports)
read_word(schema "${document}" "" "$schema" ports.schema.json)

check_type("${document}" registry OBJECT registry)
string(JSON registry GET "${document}" registry)
check_keys("${registry}" registry REQUIRED name url as_of)
read_text(registry_name "${registry}" registry name)
read_text(registry_url "${registry}" registry url
    PATTERN "^https://[!-~]+$" HINT "an address that begins with https://")
read_text(as_of "${registry}" registry as_of
    PATTERN "^[0-9][0-9][0-9][0-9]-${DATE_MONTH}-${DATE_DAY}$" HINT "a date such as 2026-08-17")

check_type("${document}" advice OBJECT advice)
string(JSON advice GET "${document}" advice)
check_keys("${advice}" advice REQUIRED ${TRANSPORTS})
set(advice_c "")
foreach(transport IN LISTS TRANSPORTS)
    check_type("${advice}" "advice.${transport}" OBJECT ${transport})
    string(JSON commands GET "${advice}" ${transport})
    check_keys("${commands}" "advice.${transport}" REQUIRED linux windows)
    foreach(system linux windows)
        set(path "advice.${transport}.${system}")
        read_text(command "${commands}" "advice.${transport}" ${system}
            PATTERN "PORT" HINT "a command in which PORT stands for the port number")
        if(command MATCHES "[^ -~]")
            fail("${path}" "\"${command}\" has characters outside ASCII")
        endif()
        set(advice_${transport}_${system} "${command}")
    endforeach()
    c_string(text "${advice_${transport}_linux} (Linux), ${advice_${transport}_windows} (Windows)")
    string(TOUPPER ${transport} constant)
    string(APPEND advice_c "    [PORT_TRANSPORT_${constant}] = ${text},\n")
endforeach()

# ------------------------------------------------------------------------------------------------------------ The ports

set(lists_c "")    # what the table points to
set(table_c "")
set(overview_md "")
set(ports_md "")

# One transport of a port: adds to lists_c and table_c, and to rows_md (paper) and tenants_md (practice).
macro(add_row)
    check_type("${port}" "${row_path}" OBJECT ${transport})
    string(JSON row GET "${port}" ${transport})
    check_keys("${row}" "${row_path}"
        REQUIRED status expected OPTIONAL service description assignee registered tenant)
    read_word(status "${row}" "${row_path}" status ${STATUSES})
    read_text(service "${row}" "${row_path}" service
        PATTERN "^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$" HINT "a service name: letters, digits and single hyphens")
    if(DEFINED service)
        string(LENGTH "${service}" length)
        if(length GREATER 15)
            fail("${row_path}.service" "\"${service}\" is longer than the 15 characters of a service name")
        endif()
    endif()
    read_text(description "${row}" "${row_path}" description)
    read_text(assignee "${row}" "${row_path}" assignee PATTERN "^[^@]+$" HINT "a name without an e-mail address")
    read_text(registered "${row}" "${row_path}" registered
        PATTERN "^[0-9][0-9][0-9][0-9](-${DATE_MONTH}(-${DATE_DAY})?)?$" HINT "a date such as 2002-02")
    read_text(tenant "${row}" "${row_path}" tenant)

    # A port with an owner has a name and a description; a port without one has no owner's data.
    foreach(key service description)
        if(status STREQUAL "Assigned" AND NOT DEFINED ${key})
            fail("${row_path}.${key}" "the key is missing, and an Assigned port has it")
        endif()
    endforeach()
    foreach(key service assignee registered)
        if(NOT status STREQUAL "Assigned" AND DEFINED ${key})
            fail("${row_path}.${key}" "only an Assigned port has this key")
        endif()
    endforeach()

    check_type("${row}" "${row_path}.expected" ARRAY expected)
    string(JSON count LENGTH "${row}" expected)
    set(expected_c "")
    set(expected_md "")
    set(seen)
    if(count GREATER 0)
        math(EXPR last "${count} - 1")
        foreach(i RANGE ${last})
            set(name_path "${row_path}.expected[${i}]")
            check_type("${row}" "${name_path}" STRING expected ${i})
            string(JSON name GET "${row}" expected ${i})
            if(NOT name MATCHES "^[a-z0-9][a-z0-9._-]*$")
                fail("${name_path}" "\"${name}\" is not a filter name")
            elseif(name IN_LIST seen)
                fail("${name_path}" "\"${name}\" is there twice")
            endif()
            list(APPEND seen "${name}")
            string(APPEND expected_c "\"${name}\", ")
            if(NOT expected_md STREQUAL "")
                string(APPEND expected_md ", ")
            endif()
            string(APPEND expected_md "`${name}`")
        endforeach()
    endif()

    string(APPEND lists_c "static const char *const expected_${number}_${transport}[] = {${expected_c}NULL};\n")
    string(TOUPPER ${transport} constant)
    string(TOUPPER ${status} status_constant)
    string(APPEND table_c "                [PORT_TRANSPORT_${constant}] = {\n")
    string(APPEND table_c "                    .status = PORT_IANA_${status_constant},\n")
    foreach(key service description assignee registered tenant)
        if(DEFINED ${key})
            c_string(text "${${key}}")
            md_text(${key}_md "${${key}}")
        else()
            c_string(text)
            md_text(${key}_md)
        endif()
        string(APPEND table_c "                    .${key} = ${text},\n")
    endforeach()
    string(APPEND table_c "                    .expected = expected_${number}_${transport},\n")
    string(APPEND table_c "                },\n")

    set(service_md "")
    if(DEFINED service)
        set(service_md "`${service}`")
    endif()
    string(TOUPPER ${transport} shown_transport)
    string(APPEND rows_md "| ${shown_transport} | ${status} | ${service_md} | ${description_md} ")
    string(APPEND rows_md "| ${assignee_md} | ${registered_md} |\n")
    set(tenants_row_md "${tenant_md}")
    if(tenants_row_md STREQUAL "")
        set(tenants_row_md "nobody known")
    endif()
    if(expected_md STREQUAL "")
        set(expected_md "none known")
    endif()
    string(APPEND tenants_md "| ${shown_transport} | ${tenants_row_md} | ${expected_md} |\n")
    if(NOT service_md STREQUAL "")
        set(overview_${transport} "${service_md}")
    else()
        set(overview_${transport} "${status}")
    endif()
    set(overview_${transport}_tenant "${tenant_md}")
endmacro()

check_type("${document}" ports ARRAY ports)
string(JSON port_count LENGTH "${document}" ports)
if(port_count EQUAL 0)
    fail(ports "there is no port in it")
endif()
set(previous 0)
math(EXPR last_port "${port_count} - 1")
foreach(p RANGE ${last_port})
    set(port_path "ports[${p}]")
    check_type("${document}" "${port_path}" OBJECT ports ${p})
    string(JSON port GET "${document}" ports ${p})
    check_keys("${port}" "${port_path}" REQUIRED port dormant recognise registry_source ${TRANSPORTS} claims)

    check_type("${port}" "${port_path}.port" NUMBER port)
    string(JSON number GET "${port}" port)
    # By its digits first: math and comparisons of numbers that are too large cannot be trusted.
    if(NOT number MATCHES "^[1-9][0-9]?[0-9]?[0-9]?[0-9]?$" OR number GREATER 65535)
        fail("${port_path}.port" "${number} is not a port number from 1 to 65535")
    elseif(number EQUAL previous)
        fail("${port_path}.port" "${number} is there twice")
    elseif(number LESS previous)
        fail("${port_path}.port" "${number} comes after ${previous}; the ports must ascend")
    endif()
    set(previous ${number})

    check_type("${port}" "${port_path}.dormant" BOOLEAN dormant)
    string(JSON dormant GET "${port}" dormant)
    if(dormant)
        set(dormant_c true)
    else()
        set(dormant_c false)
    endif()
    read_sentence(recognise "${port}" "${port_path}" recognise)
    read_sentence(registry_source "${port}" "${port_path}" registry_source)

    c_string(text "${recognise}")
    string(APPEND table_c "    {\n        .port = ${number},\n        .dormant = ${dormant_c},\n")
    string(APPEND table_c "        .recognise = ${text},\n        .on =\n            {\n")
    set(rows_md "")
    set(tenants_md "")
    foreach(transport IN LISTS TRANSPORTS)
        set(row_path "${port_path}.${transport}")
        add_row()
    endforeach()
    string(APPEND table_c "            },\n")

    check_type("${port}" "${port_path}.claims" ARRAY claims)
    string(JSON claim_count LENGTH "${port}" claims)
    if(claim_count EQUAL 0)
        fail("${port_path}.claims" "there is no claim in it")
    endif()
    string(APPEND lists_c "static const port_claim_t claims_${number}[] = {\n")
    set(claims_md "")
    math(EXPR last_claim "${claim_count} - 1")
    foreach(c RANGE ${last_claim})
        set(claim_path "${port_path}.claims[${c}]")
        check_type("${port}" "${claim_path}" OBJECT claims ${c})
        string(JSON claim GET "${port}" claims ${c})
        check_keys("${claim}" "${claim_path}" REQUIRED text verdict why source)
        read_sentence(claim_text "${claim}" "${claim_path}" text)
        read_word(verdict "${claim}" "${claim_path}" verdict ${VERDICTS})
        read_sentence(why "${claim}" "${claim_path}" why)
        read_text(source "${claim}" "${claim_path}" source)

        foreach(key claim_text why source)
            c_string(${key}_c "${${key}}")
            md_text(${key}_md "${${key}}")
        endforeach()
        string(TOUPPER ${verdict} verdict_constant)
        string(APPEND lists_c "    {${claim_text_c},\n     PORT_CLAIM_${verdict_constant},\n     ${why_c},\n")
        string(APPEND lists_c "     ${source_c}},\n")
        string(APPEND claims_md "| ${claim_text_md} | **${verdict}** | ${why_md} | ${source_md} |\n")
    endforeach()
    string(APPEND lists_c "};\n\n")
    string(APPEND table_c "        .claims = claims_${number},\n        .num_claims = ${claim_count},\n    },\n")

    # The page. A tenant is told by transport only where there is a difference to tell.
    set(names_md "${overview_tcp}")
    if(NOT overview_udp STREQUAL overview_tcp)
        set(names_md "${overview_tcp} (TCP), ${overview_udp} (UDP)")
    endif()
    if(NOT overview_udp_tenant STREQUAL "")
        set(practice_md "${overview_udp_tenant}")
        if(overview_tcp_tenant STREQUAL "")
            string(APPEND practice_md ", on UDP")
        endif()
    elseif(NOT overview_tcp_tenant STREQUAL "")
        set(practice_md "${overview_tcp_tenant}, on TCP")
    else()
        set(practice_md "nobody known")
    endif()
    string(APPEND overview_md "| [${number}](#port-${number}) | ${names_md} | ${practice_md} |\n")

    md_text(recognise_md "${recognise}")
    md_text(registry_source_md "${registry_source}")
    string(APPEND ports_md "\n## Port ${number}\n\n### On paper\n\n")
    string(APPEND ports_md "| Transport | Status | Service name | Description | Assignee | Registered |\n")
    string(APPEND ports_md "|---|---|---|---|---|---|\n${rows_md}\n${registry_source_md}\n\n### In practice\n\n")
    if(dormant)
        string(APPEND ports_md "Dormant: registered, but no use and no message format is known. ")
        string(APPEND ports_md "Lasting traffic is worth a look.\n\n")
    endif()
    string(APPEND ports_md "| Transport | Who is on it | Protocols that belong there (filter names) |\n|---|---|---|\n")
    string(APPEND ports_md "${tenants_md}\n**How to recognise it:** ${recognise_md}\n\n### What is said about it\n\n")
    string(APPEND ports_md "| Claim | Verdict | What the evidence says | Source |\n|---|---|---|---|\n${claims_md}")
    string(APPEND ports_md "\n### Who listens\n\n| Transport | Linux | Windows (PowerShell) |\n|---|---|---|\n")
    foreach(transport IN LISTS TRANSPORTS)
        string(TOUPPER ${transport} shown_transport)
        foreach(system linux windows)
            string(REPLACE "PORT" "${number}" command "${advice_${transport}_${system}}")
            md_code(${system}_md "advice.${transport}.${system}" "${command}")
        endforeach()
        string(APPEND ports_md "| ${shown_transport} | ${linux_md} | ${windows_md} |\n")
    endforeach()
endforeach()

# -------------------------------------------------------------------------------------------------------- The two files

c_string(as_of_c "${as_of}")
string(CONCAT content
    "/* port_facts_table.c\n"
    " * The facts about ports.\n"
    " * Generated from data/ports.json by data/GeneratePortFacts.cmake: change the facts there.\n"
    " *\n"
    " * SPDX-License-Identifier: GPL-2.0-or-later\n"
    " */\n"
    "#include \"port_facts_table.h\"\n\n"
    "${lists_c}"
    "const port_facts_t port_facts_table[] = {\n${table_c}};\n\n"
    "const size_t port_facts_table_size = sizeof port_facts_table / sizeof port_facts_table[0];\n\n"
    "const char *const port_facts_table_as_of = ${as_of_c};\n\n"
    "const char *const port_facts_table_advice[PORT_TRANSPORTS] = {\n${advice_c}};\n")
write_if_changed("${OUT_C}" "${content}")

md_text(registry_name_md "${registry_name}")
string(CONCAT content
    "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n"
    "<!-- Generated from data/ports.json by data/GeneratePortFacts.cmake: change the facts there. -->\n\n"
    "# Ports on paper and in practice\n\n"
    "What the registry says about the ports that Portlore knows, who is on them in practice, and what the evidence\n"
    "says about the things that are commonly told about them. Portlore shows the same facts on the packet.\n\n"
    "This page is generated from [data/ports.json](../data/ports.json). To correct a fact, see\n"
    "[data/README.md](../data/README.md).\n\n"
    "| Port | On paper | In practice |\n|---|---|---|\n${overview_md}\n"
    "\"On paper\" is the [${registry_name_md}](${registry_url}),\n"
    "in the copy of ${as_of}. An empty cell means that the registry is silent. The registry records who asked for a\n"
    "number. It does not show that anybody uses it, nor on which transport: TCP and UDP used to be assigned together\n"
    "(RFC 6335 section 7.1).\n\n"
    "| Status (RFC 6335 section 6) | Meaning |\n|---|---|\n"
    "| Assigned | The number is assigned to the service shown. |\n"
    "| Unassigned | The number is free, and may be asked for. |\n"
    "| Reserved | The number is held back for a special purpose, and cannot be asked for. |\n\n"
    "| Range (RFC 6335 section 6) | Numbers | Assigned by IANA |\n|---|---|---|\n"
    "| System (well-known) | 0 to 1023 | yes |\n"
    "| User (registered) | 1024 to 49151 | yes |\n"
    "| Dynamic (private) | 49152 to 65535 | never |\n\n"
    "| Verdict | Meaning |\n|---|---|\n"
    "| Confirmed | A source that can be read says the same. |\n"
    "| Contradicted | A source that can be read says otherwise. |\n"
    "| Unverified | No source was found that settles it. It may be true, but do not rely on it. |\n"
    "${ports_md}")
write_if_changed("${OUT_MD}" "${content}")
