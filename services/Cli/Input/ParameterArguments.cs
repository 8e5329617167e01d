using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holoflow.Cli.Input;

/// <summary>Joins <c>--params FILE.json</c> and <c>-p key=value</c> to one JSON object; the latter go over the former.</summary>
static class ParameterArguments
{
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the parameters given on the command line.</summary>
    /// <exception cref="CommandException">One is malformed; the message names it.</exception>
    public static JsonObject Read(string? file, IReadOnlyList<string> pairs)
    {
        var parameters = file is null ? [] : ReadFile(file);
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var (key, value) = Split(pair);
            if (!given.Add(key))
                throw CommandException.BadInput($"parameter '{key}' is given twice with -p");
            parameters[key] = Value(key, value);
        }
        return parameters;
    }

    static (string Key, string Value) Split(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? (pair[..equals], pair[(equals + 1)..])
            : throw CommandException.BadInput($"-p {Shown(pair)} is not key=value; write for example -p channels=288");
    }

    static JsonNode? Value(string key, string text)
    {
        // The runtime replaces what is not UTF-8 on the command line; passing that on would change the value silently.
        if (text.Contains('\uFFFD'))
            throw CommandException.BadInput($"the value of -p {key}= holds bytes that are not UTF-8 (or U+FFFD); put the parameters in a file: --params FILE.json");
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // "strings otherwise": what is no JSON is meant as it stands.
            return JsonValue.Create(text);
        }
    }

    static JsonObject ReadFile(string file)
    {
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw CommandException.BadInput($"--params {file} is not UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"--params {file} cannot be read: {e.Message}");
        }
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) as JsonObject
                ?? throw CommandException.BadInput($"--params {file} holds no JSON object; write for example {{\"channels\": 288}}");
        }
        catch (JsonException e)
        {
            throw CommandException.BadInput($"--params {file} is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {FirstSentence(e.Message)}");
        }
    }

    static string FirstSentence(string message) => message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];

    static string Shown(string text) => text.Length > 60 ? $"'{text[..60]}…'" : $"'{text}'";
}
