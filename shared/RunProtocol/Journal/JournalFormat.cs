using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.RunProtocol.Journal;

/// <summary>JSON of the journal and of the small files beside it, generated at build: no reflection at a flow's start.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(RunDescription))]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ProgramDescription))]
public sealed partial class JournalFormat : JsonSerializerContext;
