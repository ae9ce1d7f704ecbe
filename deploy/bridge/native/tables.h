/* The tables of the native bridge. `npm run schema` writes this file from src/agents/. */
#ifndef HOOKPOOL_BRIDGE_TABLES_H
#define HOOKPOOL_BRIDGE_TABLES_H

#include "dialect.h"

static const struct template templates[] = {
    {2, "", "\002\n"},
    {0, "", "hookpool: \002\n"},
    {0, "{\"decision\":\"block\",\"reason\":\"\001\"}\n", ""},
    {0, "{\"hookSpecificOutput\":{\"permissionDecision\":\"ask\",\"permissionReason\":\"\001\"}}\n", ""},
    {2, "{\"decision\":\"block\",\"reason\":\"\001\"}\n", "\002\n"},
    {0, "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"ask\",\"permissionDecisionReason\":\"\001\"}}\n", ""},
    {0, "{\"systemMessage\":\"\001\"}\n", ""},
    {0, "{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionRequest\",\"decision\":{\"behavior\":\"deny\",\"message\":\"\001\"}}}\n", ""},
    {0, "", ""},
    {0, "{\"decision\":\"ask\",\"reason\":\"\001\"}\n", ""},
    {0, "{\"hook_specific_output\":{\"hook_event_name\":\"pre_tool_use\",\"permission_decision\":\"ask\",\"permission_decision_reason\":\"\001\"}}\n", ""},
    {0, "{\"system_message\":\"\001\"}\n", ""},
    {0, "{\"hook_specific_output\":{\"hook_event_name\":\"tool_guard\",\"permission_decision\":\"ask\",\"permission_decision_reason\":\"\001\"}}\n", ""},
    {0, "{\"decision\":\"deny\",\"reason\":\"\001\"}\n", ""},
    {0, "{\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"\001\"}\n", ""},
    {0, "{\"permissionDecision\":\"ask\",\"permissionDecisionReason\":\"\001\"}\n", ""},
    {0, "{\"hookSpecificOutput\":{\"hookEventName\":\"PostToolUse\",\"additionalContext\":\"\001\"}}\n", ""},
    {0, "{\"cancel\":true,\"errorMessage\":\"\001\"}\n", ""},
    {2, "{\"permission\":\"deny\",\"user_message\":\"\001\",\"agent_message\":\"\001\"}\n", "\002\n"},
    {0, "{\"permission\":\"ask\",\"user_message\":\"\001\",\"agent_message\":\"\001\"}\n", ""},
    {2, "{\"continue\":false,\"user_message\":\"\001\"}\n", "\002\n"},
    {0, "{\"followup_message\":\"\001\"}\n", ""},
    {0, "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"\001\"}}\n", ""},
    {0, "{\"continue\":false,\"stopReason\":\"\001\"}\n", ""},
    {0, "{\"decision\":\"block\",\"reason\":\"\001\",\"hookSpecificOutput\":{\"hookEventName\":\"Stop\",\"decision\":\"block\",\"reason\":\"\001\"}}\n", ""},
    {0, "{\"decision\":\"block\",\"reason\":\"\001\",\"hookSpecificOutput\":{\"hookEventName\":\"SubagentStop\",\"decision\":\"block\",\"reason\":\"\001\"}}\n", ""},
};

static const struct row list_0[] = {
    {"start", {0, 0, 1}, true}, {"pretooluse", {2, 3, 1}, false}, {"posttooluse", {2, 2, 1}, false},
    {"stop", {2, 2, 1}, true}, {NULL, {0, 0, 1}, false},
};
static const struct folder list_1[] = {
    {NULL, NULL, NULL},
};
static const char *const list_2[] = {
    "hook_event_name", "hookEventName", "event", "event_type", NULL,
};
static const char *const list_3[] = {
    "agent_transcript_path", "transcript_path", "transcriptPath", NULL,
};
static const struct row list_4[] = {
    {"pretooluse", {4, 4, 1}, false}, {"posttooluse", {4, 4, 1}, false},
    {"userpromptsubmit", {4, 4, 1}, false}, {"stop", {4, 4, 1}, true},
    {"sessionstart", {0, 0, 1}, true}, {"sessionend", {0, 0, 1}, true}, {NULL, {4, 4, 1}, false},
};
static const struct row list_5[] = {
    {"pretooluse", {2, 5, 6}, false}, {"permissionrequest", {7, 8, 6}, false},
    {"posttooluse", {2, 2, 6}, false}, {"posttoolusefailure", {0, 0, 6}, true},
    {"posttoolbatch", {0, 0, 6}, false}, {"userpromptsubmit", {2, 2, 6}, false},
    {"userpromptexpansion", {0, 0, 6}, false}, {"stop", {2, 2, 6}, true},
    {"subagentstop", {2, 2, 6}, true}, {"precompact", {0, 0, 6}, false},
    {"taskcreated", {0, 0, 6}, false}, {"taskcompleted", {0, 0, 6}, true},
    {"teammateidle", {0, 0, 6}, true}, {"configchange", {0, 0, 6}, false},
    {"elicitation", {0, 0, 6}, false}, {"elicitationresult", {0, 0, 6}, false},
    {"worktreecreate", {0, 0, 6}, false}, {"sessionstart", {0, 0, 6}, true},
    {"subagentstart", {0, 0, 6}, true}, {"setup", {0, 0, 6}, true}, {"sessionend", {0, 0, 6}, true},
    {"notification", {0, 0, 6}, true}, {"stopfailure", {0, 0, 6}, true},
    {"cwdchanged", {0, 0, 6}, true}, {"directoryadded", {0, 0, 6}, true},
    {"filechanged", {0, 0, 6}, true}, {"postcompact", {0, 0, 6}, true},
    {"permissiondenied", {0, 0, 6}, true}, {"messagedisplay", {0, 0, 6}, true},
    {"instructionsloaded", {0, 0, 6}, true}, {"worktreeremove", {0, 0, 6}, true},
    {NULL, {0, 0, 1}, false},
};
static const struct folder list_6[] = {
    {".claude/projects", "CLAUDE_CONFIG_DIR", "projects"}, {NULL, NULL, NULL},
};
static const struct row list_7[] = {
    {"pretooluse", {2, 2, 6}, false}, {"permissionrequest", {7, 8, 6}, false},
    {"posttooluse", {2, 2, 6}, false}, {"userpromptsubmit", {2, 2, 6}, false},
    {"sessionstart", {0, 0, 6}, true}, {"subagentstart", {0, 0, 6}, true},
    {"stop", {2, 2, 6}, true}, {"subagentstop", {2, 2, 6}, true}, {"precompact", {0, 0, 1}, true},
    {"postcompact", {0, 0, 1}, true}, {"sessionend", {0, 0, 1}, true},
    {"interrupt", {0, 0, 6}, true}, {NULL, {0, 0, 1}, false},
};
static const struct folder list_8[] = {
    {".codex/sessions", "CODEX_HOME", "sessions"}, {NULL, NULL, NULL},
};
static const struct row list_9[] = {
    {"beforetool", {2, 9, 6}, false}, {"aftertool", {2, 2, 6}, false},
    {"beforeagent", {2, 2, 6}, false}, {"afteragent", {2, 2, 6}, true},
    {"beforemodel", {2, 2, 6}, false}, {"aftermodel", {2, 2, 6}, false},
    {"beforetoolselection", {0, 0, 6}, true}, {"sessionstart", {0, 0, 6}, true},
    {"sessionend", {0, 0, 6}, true}, {"notification", {0, 0, 6}, true},
    {"precompress", {0, 0, 6}, true}, {NULL, {4, 4, 1}, false},
};
static const struct folder list_10[] = {
    {".gemini/tmp/*/chats", "GEMINI_CLI_HOME", ".gemini/tmp/*/chats"}, {NULL, NULL, NULL},
};
static const struct row list_11[] = {
    {"pretooluse", {2, 10, 11}, false}, {"toolguard", {2, 12, 11}, false},
    {"toolinputtransform", {2, 2, 11}, false}, {"permissionrequest", {2, 8, 11}, false},
    {"posttooluse", {2, 2, 11}, false}, {"userpromptsubmit", {2, 2, 11}, false},
    {"usersteeringmessagessubmit", {2, 2, 11}, false}, {"userfollowupsubmit", {2, 2, 11}, false},
    {"toolresponsetransform", {0, 0, 1}, false}, {"beforellmcall", {2, 2, 11}, false},
    {"precompact", {2, 2, 11}, false}, {"beforecompaction", {2, 2, 11}, false},
    {"worktreecreate", {2, 2, 11}, false}, {"sessionstart", {0, 0, 1}, true},
    {"turnstart", {0, 0, 1}, true}, {"sessionend", {0, 0, 1}, true},
    {"onuserinput", {0, 0, 1}, true}, {"notification", {0, 0, 1}, true}, {"stop", {0, 0, 1}, true},
    {"turnend", {0, 0, 1}, true}, {"afterllmcall", {0, 0, 1}, true},
    {"subagentstop", {0, 0, 1}, true}, {"onerror", {0, 0, 1}, true},
    {"onmaxiterations", {0, 0, 1}, true}, {"onagentswitch", {0, 0, 1}, true},
    {"onsessionresume", {0, 0, 1}, true}, {"ontoolapprovaldecision", {0, 0, 1}, true},
    {"aftercompaction", {0, 0, 1}, true}, {NULL, {0, 0, 1}, false},
};
static const struct row list_12[] = {
    {"prerun", {13, 13, 1}, false}, {"pretooluse", {13, 9, 1}, false},
    {"posttooluse", {13, 13, 1}, false}, {"postrun", {13, 13, 1}, true}, {NULL, {13, 13, 1}, false},
};
static const struct row list_13[] = {
    {"pretooluse", {13, 13, 1}, false}, {"userpromptsubmit", {13, 13, 1}, false},
    {"stop", {13, 13, 1}, true}, {"posttooluse", {0, 0, 1}, true},
    {"sessionstart", {0, 0, 1}, true}, {"sessionend", {0, 0, 1}, true}, {NULL, {0, 0, 1}, false},
};
static const struct row list_14[] = {
    {"userpromptsubmit", {2, 2, 1}, false}, {"stop", {2, 2, 1}, true},
    {"pretooluse", {14, 15, 1}, false}, {"permissionrequest", {0, 8, 1}, false},
    {"posttooluse", {2, 2, 1}, false}, {"posttoolusefailure", {0, 0, 1}, true},
    {"agentstop", {2, 2, 1}, true}, {"subagentstop", {2, 2, 1}, true},
    {"sessionstart", {0, 0, 1}, true}, {"sessionend", {0, 0, 1}, true},
    {"userpromptsubmitted", {2, 2, 1}, false}, {"erroroccurred", {0, 0, 1}, true},
    {"subagentstart", {0, 0, 1}, true}, {"precompact", {0, 0, 1}, true},
    {"notification", {0, 0, 1}, true}, {NULL, {0, 0, 1}, false},
};
static const struct folder list_15[] = {
    {".copilot/session-state", "COPILOT_HOME", "session-state"}, {NULL, NULL, NULL},
};
static const struct row list_16[] = {
    {"pretooluse", {13, 13, 1}, false}, {NULL, {13, 13, 1}, false},
};
static const struct row list_17[] = {
    {"pretooluse", {2, 5, 6}, false}, {"permissionrequest", {7, 8, 6}, false},
    {"posttooluse", {16, 16, 6}, false}, {"posttoolusefailure", {0, 0, 6}, true},
    {"posttoolbatch", {2, 2, 6}, false}, {"userpromptsubmit", {2, 2, 6}, false},
    {"userpromptexpansion", {2, 2, 6}, false}, {"stop", {2, 2, 6}, true},
    {"subagentstop", {2, 2, 6}, true}, {"todocreated", {2, 2, 6}, false},
    {"todocompleted", {2, 2, 6}, false}, {"sessionstart", {0, 0, 6}, true},
    {"sessionend", {0, 0, 6}, true}, {"subagentstart", {0, 0, 6}, true},
    {"precompact", {0, 0, 6}, true}, {"postcompact", {0, 0, 6}, true},
    {"notification", {0, 0, 6}, true}, {"permissiondenied", {0, 0, 6}, true},
    {"sessiondelete", {0, 0, 6}, true}, {"messagedisplay", {0, 0, 6}, true},
    {"stopfailure", {0, 0, 6}, true}, {"instructionsloaded", {0, 0, 6}, true},
    {NULL, {4, 4, 1}, false},
};
static const struct folder list_18[] = {
    {".qwen/projects/*/chats", NULL, NULL}, {".qwen/tmp/*/chats", NULL, NULL}, {NULL, NULL, NULL},
};
static const struct row list_19[] = {
    {"pretooluse", {17, 17, 1}, false}, {"posttooluse", {17, 17, 1}, false},
    {"userpromptsubmit", {17, 17, 1}, false}, {"taskstart", {17, 17, 1}, false},
    {"taskresume", {17, 17, 1}, false}, {"precompact", {17, 17, 1}, false},
    {"taskcomplete", {17, 17, 1}, true}, {"taskcancel", {17, 17, 1}, true},
    {"notification", {17, 17, 1}, true}, {NULL, {17, 17, 1}, false},
};
static const char *const list_20[] = {
    "hookName", NULL,
};
static const struct row list_21[] = {
    {"beforeshellexecution", {18, 19, 1}, false}, {"beforemcpexecution", {18, 19, 1}, false},
    {"beforereadfile", {18, 18, 1}, false}, {"beforetabfileread", {18, 18, 1}, false},
    {"pretooluse", {18, 18, 1}, false}, {"subagentstart", {18, 18, 1}, false},
    {"beforesubmitprompt", {20, 20, 1}, false}, {"stop", {21, 21, 1}, true},
    {"subagentstop", {21, 21, 1}, true}, {"sessionstart", {0, 0, 1}, true},
    {"posttooluse", {0, 0, 1}, true}, {"aftershellexecution", {0, 0, 1}, true},
    {"aftermcpexecution", {0, 0, 1}, true}, {"afterfileedit", {0, 0, 1}, true},
    {"afteragentresponse", {0, 0, 1}, true}, {"afteragentthought", {0, 0, 1}, true},
    {"sessionend", {0, 0, 1}, true}, {"aftertabfileedit", {0, 0, 1}, true},
    {"posttoolusefailure", {0, 0, 1}, true}, {"precompact", {0, 0, 1}, true},
    {"workspaceopen", {0, 0, 1}, true}, {NULL, {0, 0, 1}, false},
};
static const struct folder list_22[] = {
    {".cursor/projects/*/agent-transcripts", NULL, NULL}, {NULL, NULL, NULL},
};
static const struct row list_23[] = {
    {"pretooluse", {0, 0, 1}, false}, {"posttooluse", {0, 0, 1}, true},
    {"agentspawn", {0, 0, 1}, true}, {"userpromptsubmit", {0, 0, 1}, true},
    {"stop", {0, 0, 1}, true}, {NULL, {0, 0, 1}, false},
};
static const struct row list_24[] = {
    {"prereadcode", {0, 0, 1}, false}, {"prewritecode", {0, 0, 1}, false},
    {"preruncommand", {0, 0, 1}, false}, {"premcptooluse", {0, 0, 1}, false},
    {"preuserprompt", {0, 0, 1}, false}, {"postreadcode", {0, 0, 1}, true},
    {"postwritecode", {0, 0, 1}, true}, {"postruncommand", {0, 0, 1}, true},
    {"postmcptooluse", {0, 0, 1}, true}, {"postcascaderesponse", {0, 0, 1}, true},
    {"postcascaderesponsewithtranscript", {0, 0, 1}, true}, {"postsetupworktree", {0, 0, 1}, true},
    {NULL, {0, 0, 1}, false},
};
static const struct folder list_25[] = {
    {".windsurf/transcripts", NULL, NULL}, {NULL, NULL, NULL},
};
static const char *const list_26[] = {
    "agent_action_name", NULL,
};
static const char *const list_27[] = {
    "tool_info.transcript_path", NULL,
};
static const struct row list_28[] = {
    {"pretooluse", {22, 5, 6}, false}, {"posttooluse", {2, 2, 6}, false},
    {"userpromptsubmit", {23, 23, 6}, false}, {"stop", {24, 24, 6}, true},
    {"subagentstop", {25, 25, 6}, true}, {"sessionstart", {0, 0, 6}, true},
    {"subagentstart", {0, 0, 6}, true}, {"precompact", {0, 0, 6}, true}, {NULL, {0, 0, 1}, false},
};
static const struct folder list_29[] = {
    {".config/Code/User/workspaceStorage/*/GitHub.copilot-chat/transcripts", NULL, NULL},
    {".vscode-server/data/User/workspaceStorage/*/GitHub.copilot-chat/transcripts", NULL, NULL},
    {"Library/Application Support/Code/User/workspaceStorage/*/GitHub.copilot-chat/transcripts", NULL, NULL},
    {NULL, NULL, NULL},
};

static const struct dialect dialects[] = {
    {"azure", list_0, list_1, list_2, list_3},
    {"generic", list_4, list_1, list_2, list_3},
    {"claude-code", list_5, list_6, list_2, list_3},
    {"claude-code-2025", list_5, list_6, list_2, list_3},
    {"codex", list_7, list_8, list_2, list_3},
    {"gemini-cli", list_9, list_10, list_2, list_3},
    {"docker-agent", list_11, list_1, list_2, list_3},
    {"docker-agent-gen2", list_11, list_1, list_2, list_3},
    {"docker-agent-strict", list_11, list_1, list_2, list_3},
    {"agentpool", list_12, list_1, list_2, list_3},
    {"openhands", list_13, list_1, list_2, list_3},
    {"copilot", list_14, list_15, list_2, list_3},
    {"crush", list_16, list_1, list_2, list_3},
    {"qwen-code", list_17, list_18, list_2, list_3},
    {"cline", list_19, list_1, list_20, list_3},
    {"cursor", list_21, list_22, list_2, list_3},
    {"amazon-q", list_23, list_1, list_2, list_3},
    {"windsurf", list_24, list_25, list_26, list_27},
    {"vscode", list_28, list_29, list_2, list_3},
    {NULL, NULL, NULL, NULL, NULL},
};

#endif
