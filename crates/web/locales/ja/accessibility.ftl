# アクセシビリティ方針
accessibility-title = アクセシビリティ方針
accessibility-lead = 狼煙は、年齢や障害の有無、使う機器にかかわらず、誰もが同じ手続を最後まで行えることを目指します。
accessibility-target-heading = 目標とする水準
accessibility-target = { $wcag } のレベルAAと、{ $jis } の適合レベルAA準拠を目標とします。対象は、このサイトのすべての画面です。
accessibility-do-heading = 行っていること
accessibility-do-keyboard = すべての操作をキーボードだけで行えます。今いる場所は、太い枠で示します。
accessibility-do-script = JavaScriptを使わない設定でも、届出や報告を最後まで行えます。
accessibility-do-zoom = 文字を2倍に拡大しても、幅320ピクセルの画面でも、内容が欠けません。
accessibility-do-colour = 状態は色だけでなく、言葉と記号でも示します。配色を反転する設定でも読めます。
accessibility-do-time = ログインの有効時間が終わる前にお知らせし、延長できます。下書きは自動で保存されます。
accessibility-do-error = 誤りがあるときは、画面の上にまとめて示し、直し方を言葉で伝えます。
accessibility-test-heading = 試験の状況
accessibility-test = 画面を変更するたびに、自動の検査（axe-core）を行っています。規格に基づく試験の結果は、まだ公表していません。
accessibility-contact-heading = ご意見
accessibility-contact = 使いにくいところがあれば、お知らせください。
