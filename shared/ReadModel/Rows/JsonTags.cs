using Holoflow.Persistence;

namespace Holoflow.ReadModel.Rows;

/// <summary>Conditions on columns that hold a JSON array of texts.</summary>
static class JsonTags
{
    /// <summary>The array in <paramref name="column"/> holds the text that <paramref name="parameter"/> stands for.</summary>
    public static string Contains(DatabaseProvider provider, string column, string parameter) => provider == DatabaseProvider.Sqlite
        ? $"EXISTS (SELECT 1 FROM json_each({column}) j WHERE j.value = {parameter})"
        : $"jsonb_exists({column}::jsonb, {parameter})";
}
