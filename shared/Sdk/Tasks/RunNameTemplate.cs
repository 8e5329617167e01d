using System.Text;

namespace Holoflow.Sdk;

/// <summary>Text with names in braces; doubled braces stand for themselves.</summary>
sealed class RunNameTemplate
{
    readonly List<(string Text, bool IsHole)> _parts = [];

    public RunNameTemplate(string template)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var c = template[i];
            var end = c == '{' ? template.IndexOf('}', i) : -1;
            if (c is '{' or '}' && i + 1 < template.Length && template[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (end > i + 1)
            {
                _parts.Add((text.ToString(), false));
                _parts.Add((template[(i + 1)..end], true));
                text.Clear();
                i = end;
            }
            else
            {
                text.Append(c);
            }
        }
        _parts.Add((text.ToString(), false));
    }

    public IEnumerable<string> Holes => _parts.Where(part => part.IsHole).Select(part => part.Text);

    public string Fill(Func<string, string> valueOf) =>
        string.Concat(_parts.Select(part => part.IsHole ? valueOf(part.Text) : part.Text));
}
