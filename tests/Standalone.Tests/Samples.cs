using System.Text.Json;
using Holoflow.Contracts;

namespace Holoflow.Standalone.Tests;

static class Samples
{
    public static SubmitRun Run(string program) => new()
    {
        RunId = Guid.CreateVersion7(),
        FlowName = "sample",
        Program = new RunProgram { Path = program },
        Parameters = JsonDocument.Parse("{}").RootElement,
    };
}
