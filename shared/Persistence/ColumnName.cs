using System.Text;

namespace Holoflow.Persistence;

/// <summary>Columns are named as the properties are, in lower case with underscores.</summary>
static class ColumnName
{
    public static string Of(string property)
    {
        var name = new StringBuilder(property.Length + 4);
        foreach (var c in property)
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0)
                name.Append('_');
            name.Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }
}
