using System.Text.Json;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>Answers what flows a program has.</summary>
static class ProgramDescriber
{
    public static async Task<int> Write(FlowCatalog catalog, string file)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(catalog.Describe(), JournalFormat.Default.ProgramDescription);
        var unfinished = file + ".unfinished";
        await File.WriteAllBytesAsync(unfinished, json);
        File.Move(unfinished, file, overwrite: true);
        return catalog.Mistakes.Count == 0 ? ExitCodes.Completed : ExitCodes.WrongInput;
    }
}
