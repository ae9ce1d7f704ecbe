export const hooks = `hooks:
  PreToolUse:
    - name: guard
      matcher: "Bash"
      failMode: block
      script: |
        #!/usr/bin/env python3
        import json, sys
        command = json.load(sys.stdin)['tool_input']['command']
        if 'ask' in command: print(json.dumps({'hookSpecificOutput': {'permissionDecision': 'ask', 'permissionReason': 'sure?'}}))
        elif 'rm' in command: print(json.dumps({'decision': 'block', 'reason': 'no rm'}))
        elif 'crash' in command: raise SystemExit(1)
  Stop:
    - name: reader
      command: cat; cat "$(jq -r .execution_summary < /dev/stdin)" >&2; exit 2
`;
